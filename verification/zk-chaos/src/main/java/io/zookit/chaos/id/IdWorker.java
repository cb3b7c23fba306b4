package io.zookit.chaos.id;

import io.zookit.chaos.experiment.ChildArguments;
import io.zookit.chaos.experiment.ChildWork;
import io.zookit.chaos.experiment.Stopwatch;
import io.zookit.chaos.fault.ShiftedClock;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.id.Counter;
import io.zookit.id.IdLayout;
import io.zookit.id.Segments;
import io.zookit.id.Sequence;
import io.zookit.id.Snowflake;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.atomic.DistributedAtomicLong;
import org.apache.curator.retry.RetryNTimes;

/**
 * Child JVM that takes ids of all kinds, and prints them, while its wall clock is set back and forth. The controls run in a
 * thread of their own.
 */
final class IdWorker {

  static final String NAME = "chaos";

  /** The name of the counter; the control counts at a path of its own. */
  static final String COUNTER = "chaos-count";

  static final String CONTROL_COUNT = "/atomic-long";

  /** Printed before an increment of the counter, and after it succeeded. */
  static final String INVOKED = "invoked";

  static final String COUNTED = "counted";

  /** The same for the control. */
  static final String CONTROL_INVOKED = "control-invoked";

  private static final IdLayout LAYOUT = IdLayout.of(41, 4, 12);
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int SNOWFLAKES = 2_000;
  private static final int SEGMENT_NUMBERS = 200;
  private static final int CONTROL_IDS = 200;
  private static final int RESTART_IN = 200;

  private IdWorker() {}

  /** An id that may have to be waited for. */
  private interface WaitingSource {
    long next() throws InterruptedException;
  }

  /** Arguments: those of a {@link ChildArguments}. */
  public static void main(String[] args) throws Exception {
    ChildWork work = ChildWork.begin();
    ChildArguments arguments = ChildArguments.of(args);
    ShiftedClock clock = new ShiftedClock();
    Random random = new Random(arguments.life().hashCode());
    work.daemon("clock", () -> shift(clock, random));
    work.daemon("controls", () -> control(arguments, clock));
    try (ZkClient zk = arguments.start(clock);
        Snowflake ids = Snowflake.named(NAME, zk).layout(LAYOUT).timeout(LIMIT).build()) {
      Sequence sequence = Sequence.named(NAME + "-n", zk).timeout(LIMIT);
      Segments segments = Segments.named(NAME + "-s", zk).timeout(LIMIT);
      Counter counter = Counter.named(COUNTER, zk).timeout(LIMIT);
      while (work.isOn()) {
        take(IdKind.SNOWFLAKE, SNOWFLAKES, ids::next);
        take(IdKind.SEGMENTS, SEGMENT_NUMBERS, segments::next);
        take(IdKind.SEQUENCE, 1, sequence::next);
        count(counter);
      }
    }
    ChildWork.end();
  }

  /** Prints ids; those that were taken before a failure, too. */
  private static void take(IdKind kind, int count, WaitingSource source)
      throws InterruptedException {
    long[] ids = new long[count];
    int taken = 0;
    try {
      while (taken < count) {
        ids[taken] = source.next();
        taken++;
      }
    } catch (ZkException e) {
      System.out.println("failed " + kind + ": " + e.getMessage());
    }
    if (taken > 0) {
      System.out.println(kind + " " + IdRuns.text(Arrays.copyOf(ids, taken)));
    }
  }

  private static void count(Counter counter) throws InterruptedException {
    System.out.println(INVOKED);
    try {
      counter.increment();
      System.out.println(COUNTED);
    } catch (ZkException e) {
      System.out.println("not counted: " + e.getMessage());
    }
  }

  private static void shift(ShiftedClock clock, Random random) throws InterruptedException {
    List<Duration> shifts = List.of(
        Duration.ZERO,
        Duration.ofHours(1),
        Duration.ofHours(-1),
        Duration.ofDays(1),
        Duration.ofDays(-1),
        Duration.ofSeconds(3),
        Duration.ofSeconds(-3));
    while (true) {
      Stopwatch.pause(Duration.ofMillis(500 + random.nextInt(2_000)));
      clock.shift(shifts.get(random.nextInt(shifts.size())));
    }
  }

  private static void control(ChildArguments arguments, ShiftedClock clock) throws Exception {
    Random random = new Random(arguments.life().hashCode());
    try (CuratorFramework curator =
        CuratorFrameworkFactory.newClient(arguments.addresses(), new RetryNTimes(20, 100))) {
      curator.start();
      RecycledMachine machine = new RecycledMachine(curator, clock);
      DistributedAtomicLong counted =
          new DistributedAtomicLong(curator, CONTROL_COUNT, new RetryNTimes(20, 100));
      while (true) {
        try {
          System.out.println(IdKind.CONTROL + " " + IdRuns.text(machine.next(CONTROL_IDS)));
          if (random.nextInt(RESTART_IN) == 0) {
            machine.restart();
          }
          System.out.println(CONTROL_INVOKED);
          counted.increment();
        } catch (org.apache.zookeeper.KeeperException e) {
          System.out.println("control failed: " + e.getMessage());
        }
        Stopwatch.pause(Duration.ofMillis(10));
      }
    }
  }
}
