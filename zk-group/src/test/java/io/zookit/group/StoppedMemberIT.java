package io.zookit.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.FencingToken;
import io.zookit.core.ZkClient;
import io.zookit.core.fence.FenceMode;
import io.zookit.core.fence.MemoryFence;
import io.zookit.core.fence.StaleTokenException;
import io.zookit.testkit.ChildJvm;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Processes that are stopped past their session (SIGSTOP) and killed (SIGKILL) while they own partitions. */
@Tag("full")
class StoppedMemberIT {

  private static final int PARTITIONS = 12;
  private static final Duration SESSION = Duration.ofSeconds(4);

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final GroupWorld world = new GroupWorld(zooKeeper.server(), zooKeeper.freshRoot());

  /** A process that prints the token of each of its partitions every few milliseconds, if it is valid. */
  static final class TokenPrinter {

    private TokenPrinter() {}

    public static void main(String[] args) throws Exception {
      ChildJvm.exitWithParent();
      try (ZkClient zk = ZkClient.builder(args[0])
          .root(args[1])
          .sessionTimeout(SESSION)
          .connectTimeout(Duration.ofMinutes(1))
          .connect()) {
        Membership me = Group.named("g", zk).join(Member.id(args[2]));
        me.own(
            Partitions.of(PARTITIONS),
            partition -> {
              while (!partition.isRevoked()) {
                if (partition.isValid()) {
                  System.out.println(
                      "write " + partition.index() + " " + partition.token() + " " + args[2]);
                }
                zk.timekeeper().sleep(Duration.ofMillis(5));
              }
            },
            Handover.drain(Duration.ofSeconds(5)));
        zk.timekeeper().sleep(Duration.ofHours(1));
      }
    }
  }

  private final MemoryFence fence = new MemoryFence();
  private final Queue<String> refused = new ConcurrentLinkedQueue<>();
  private final Map<Integer, String> owners = new ConcurrentHashMap<>();
  private final Map<Integer, FencingToken> newest = new ConcurrentHashMap<>();

  private void onLine(String line) {
    String[] words = line.split(" ", -1);
    if (words[0].equals("write")) {
      int partition = Integer.parseInt(words[1]);
      FencingToken token = FencingToken.parse(words[2]);
      try {
        fence.admit("p" + partition, token, FenceMode.EXCLUSIVE);
        owners.put(partition, words[3]);
        newest.put(partition, token);
      } catch (StaleTokenException e) {
        refused.add(line);
      }
    }
  }

  private ChildJvm start(String id) throws Exception {
    return world.keep(ChildJvm.of(TokenPrinter.class)
        .args(zooKeeper.connectString(), world.root(), id)
        .onLine(this::onLine)
        .start());
  }

  private void awaitOwners(String... ids) {
    Set<String> expected = new TreeSet<>(Set.of(ids));
    await()
        .atMost(GroupWorld.LONG)
        .until(
            () -> owners.size() == PARTITIONS && new TreeSet<>(owners.values()).equals(expected));
  }

  @Test
  void own_membersAreStoppedAndKilled_allPartitionsAreOwnedByTheLiving() throws Exception {
    ChildJvm planner = start("a");
    awaitOwners("a");
    ChildJvm second = start("b");
    ChildJvm third = start("c");
    awaitOwners("a", "b", "c");

    planner.pause(); // the planner and owner of a third
    awaitOwners("b", "c");
    third.kill();
    awaitOwners("b");
    int before = refused.size();
    planner.resume();
    awaitOwners("a", "b");

    for (int partition : owners.keySet()) {
      assertThat(newest).containsKey(partition);
    }
    System.out.println("refused at the fence: " + (refused.size() - before));
    second.kill();
    awaitOwners("a");
  }
}
