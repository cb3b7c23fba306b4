package io.zookit.chaos.id;

import io.zookit.chaos.experiment.ChildArguments;
import io.zookit.chaos.experiment.ChildWork;
import io.zookit.chaos.experiment.Stopwatch;
import io.zookit.chaos.fault.ShiftedClock;
import io.zookit.core.Timekeeper;
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
import org.apache.curator.framework.recipes.atomic.AtomicValue;
import org.apache.curator.framework.recipes.atomic.DistributedAtomicLong;
import org.apache.curator.retry.RetryForever;
import org.apache.curator.retry.RetryNTimes;
import org.apache.zookeeper.KeeperException;

/**
 * Child JVM that takes ids of all kinds, and prints them, while its wall clock is set back and forth. The controls run in
 * threads of their own, by the right clock.
 */
final class IdWorker {

  static final String NAME = "chaos";

  /** The name of the counter. */
  static final String COUNTER = "chaos-count";

  /** Printed before an increment of the counter, and after it succeeded. */
  static final String INVOKED = "invoked";

  static final String COUNTED = "counted";

  /** An increment of the control that it reports as not done. */
  static final String CONTROL_REFUSED = "control-refused";

  /** The beginning of the line of an increment of the control that succeeded, in front of its result. */
  static final String CONTROL_COUNTED = "control-counted ";

  /** Printed when the process has started. */
  static final String STARTED = "started";

  private static final IdLayout LAYOUT = IdLayout.of(41, 4, 12);
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int SNOWFLAKES = 2_000;
  private static final int SEGMENT_NUMBERS = 200;
  private static final int CONTROL_IDS = 200;
  private static final int RESTART_MILLIS = 1_000;
  private static final int RETRY_MILLIS = 100;

  private IdWorker() {}

  /** The path at which the control of a member counts: alone, as a write that is refused is not counted twice. */
  static String controlCount(String member) {
    return "/atomic-long-" + member;
  }

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
    work.daemon("control-ids", () -> controlIds(arguments));
    work.daemon("control-count", () -> controlCount(arguments));
    System.out.println(STARTED);
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

  private static CuratorFramework curator(ChildArguments arguments) {
    CuratorFramework curator =
        CuratorFrameworkFactory.newClient(arguments.addresses(), new RetryForever(RETRY_MILLIS));
    curator.start();
    return curator;
  }

  /** Prints ids of a leased machine number, and restarts every second or two. */
  private static void controlIds(ChildArguments arguments) throws Exception {
    Random random = new Random(arguments.life().hashCode());
    try (CuratorFramework curator = curator(arguments)) {
      RecycledMachine machine = new RecycledMachine(curator, Timekeeper.system());
      while (true) {
        Stopwatch life = new Stopwatch();
        Duration length = Duration.ofMillis(RESTART_MILLIS + random.nextInt(RESTART_MILLIS));
        try {
          do {
            Stopwatch.pause(Duration.ofMillis(10));
            long[] ids = machine.next(CONTROL_IDS); // also after it was stopped in the pause
            if (ids.length > 0) {
              System.out.println(IdKind.CONTROL + " " + IdRuns.text(ids));
            }
          } while (!life.hasPassed(length));
          machine.restart();
        } catch (KeeperException e) {
          System.out.println("control failed: " + e.getMessage());
        }
      }
    }
  }

  private static void controlCount(ChildArguments arguments) throws Exception {
    try (CuratorFramework curator = curator(arguments)) {
      DistributedAtomicLong counted = new DistributedAtomicLong(
          curator, controlCount(arguments.member()), new RetryNTimes(1_000, 5));
      while (true) {
        try {
          AtomicValue<Long> result = counted.increment();
          System.out.println(
              result.succeeded() ? CONTROL_COUNTED + result.postValue() : CONTROL_REFUSED);
        } catch (KeeperException e) {
          System.out.println("control failed: " + e.getMessage());
        }
        Stopwatch.pause(Duration.ofMillis(5));
      }
    }
  }
}
