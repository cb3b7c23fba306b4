package io.zookit.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.testkit.ChildJvm;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Processes that are stopped past their session (SIGSTOP) and killed (SIGKILL) while they hand out ids. */
@Tag("full")
class StoppedProcessIT {

  private static final IdLayout LAYOUT = IdLayout.of(41, 2, 12);
  private static final Duration SESSION = Duration.ofSeconds(4);

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final IdWorld world = new IdWorld(zooKeeper.server(), zooKeeper.freshRoot());

  /** A process that prints ids of both kinds, one of each every few milliseconds, until it is ended. */
  static final class IdPrinter {

    private IdPrinter() {}

    public static void main(String[] args) throws Exception {
      ChildJvm.exitWithParent();
      try (ZkClient zk = ZkClient.builder(args[0])
          .root(args[1])
          .sessionTimeout(SESSION)
          .connectTimeout(Duration.ofMinutes(1))
          .connect()) {
        Snowflake ids =
            Snowflake.named("rows", zk).layout(LAYOUT).timeout(IdWorld.LONG).build();
        Segments orders = Segments.named("orders", zk).timeout(IdWorld.LONG).createFrom(1, 20);
        while (true) {
          print("row", ids::next);
          print("order", orders::next);
          zk.timekeeper().sleep(Duration.ofMillis(3));
        }
      }
    }

    /** A source of ids. */
    private interface IdSource {
      long next() throws InterruptedException;
    }

    private static void print(String kind, IdSource source) throws InterruptedException {
      try {
        System.out.println(kind + " " + source.next());
      } catch (IdUnavailableException e) {
        System.out.println("unavailable " + e.getMessage());
      }
    }
  }

  private final Queue<String> printed = new ConcurrentLinkedQueue<>();

  private ChildJvm start() throws Exception {
    ChildJvm child = world.keep(ChildJvm.of(IdPrinter.class)
        .args(zooKeeper.connectString(), world.root())
        .onLine(printed::add)
        .start());
    child.awaitLine(line -> line.startsWith("order "), IdWorld.LONG);
    return child;
  }

  @Test
  void next_processesAreStoppedAndKilled_noIdTwice() throws Exception {
    ChildJvm stopped = start();
    ChildJvm killed = start();
    List<ChildJvm> all = new ArrayList<>(List.of(stopped, killed, start()));
    stopped.pause();
    killed.kill();
    all.add(start());
    await().atMost(IdWorld.LONG).until(() -> zooKeeper.server().sessionCount() <= 2);
    all.add(start()); // the slots of the killed and of the stopped one are free by now
    all.add(start());
    int before = stopped.lines().size();
    stopped.resume();
    await().atMost(IdWorld.LONG).until(() -> stopped.lines().size() > before + 20);
    for (ChildJvm each : all) {
      each.kill();
    }

    List<String> ids =
        printed.stream().filter(line -> line.matches("(row|order) \\d+")).toList();
    assertThat(ids).hasSizeGreaterThan(500).doesNotHaveDuplicates();
  }
}
