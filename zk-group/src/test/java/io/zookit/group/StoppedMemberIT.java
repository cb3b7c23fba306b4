package io.zookit.group;

import static org.awaitility.Awaitility.await;

import io.zookit.core.FencingToken;
import io.zookit.core.Timekeeper;
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
import java.util.function.Predicate;
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

  private static final int BATCH = 40;
  private static final Duration PAUSE = Duration.ofMillis(5);

  /**
   * A process that writes for its partitions: it prints the token in batches, and asks in front of each batch if the partition is
   * valid. A process that is stopped within a batch finishes it when it goes on, as one does that has checked before a write.
   */
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
                  writeBatch(zk.timekeeper(), partition, args[2]);
                } else {
                  zk.timekeeper().sleep(PAUSE);
                }
              }
            },
            Handover.drain(Duration.ofSeconds(5)));
        zk.timekeeper().sleep(Duration.ofHours(1));
      }
    }

    private static void writeBatch(Timekeeper timekeeper, Partition partition, String id) {
      boolean interrupted = false;
      for (int i = 0; i < BATCH; i++) {
        System.out.println("write " + partition.index() + " " + partition.token() + " " + id);
        try {
          timekeeper.sleep(PAUSE);
        } catch (InterruptedException e) {
          interrupted = true; // the batch goes on
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private final MemoryFence fence = new MemoryFence();

  /** Writes of partitions that another process has written for since. */
  private final Queue<String> refused = new ConcurrentLinkedQueue<>();

  /** The content of a resource without a fence: the token of the last write. */
  private final Map<Integer, FencingToken> unfenced = new ConcurrentHashMap<>();

  /** Writes that a resource without a fence took after newer ones. */
  private final Queue<String> lost = new ConcurrentLinkedQueue<>();

  private final Map<Integer, String> owners = new ConcurrentHashMap<>();

  private void onLine(String line) {
    String[] words = line.split(" ", -1);
    if (words[0].equals("write")) {
      int partition = Integer.parseInt(words[1]);
      FencingToken token = FencingToken.parse(words[2]);
      FencingToken before = unfenced.put(partition, token);
      if (before != null && before.isAfter(token)) {
        lost.add(line);
      }
      try {
        fence.admit("p" + partition, token, FenceMode.EXCLUSIVE);
        owners.put(partition, words[3]);
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

  private static Predicate<String> isOf(String id) {
    return line -> line.endsWith(" " + id);
  }

  @Test
  void own_membersAreStoppedAndKilled_allPartitionsAreOwnedByTheLivingAndStaleWritesAreRefused()
      throws Exception {
    ChildJvm planner = start("a");
    awaitOwners("a");
    ChildJvm second = start("b");
    ChildJvm third = start("c");
    awaitOwners("a", "b", "c");

    planner.pause(); // the planner and owner of a third, within a batch
    awaitOwners("b", "c");
    third.kill();
    awaitOwners("b");
    refused.clear();
    lost.clear();
    planner.resume();

    await().atMost(GroupWorld.LONG).until(() -> refused.stream().anyMatch(isOf("a")));
    await().atMost(GroupWorld.LONG).until(() -> lost.stream().anyMatch(isOf("a")));
    awaitOwners("a", "b");
    System.out.println(
        refused.size() + " stale writes refused, " + lost.size() + " taken without a fence");
    second.kill();
    awaitOwners("a");
  }
}
