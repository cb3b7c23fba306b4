package io.zookit.scheduler;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import io.zookit.testkit.ChildJvm;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A process with a node: prints what it runs. The command {@code jump MILLIS} sets its wall clock. Its arguments are
 * servers, label and the seconds of its session.
 */
final class NodeChild {

  private NodeChild() {}

  /** The machine's clocks with an offset that can be set. */
  private record Offset(AtomicLong millis) implements Timekeeper {

    @Override
    public Instant now() {
      return Timekeeper.system().now().plusMillis(millis.get());
    }

    @Override
    public long nanos() {
      return Timekeeper.system().nanos();
    }

    @Override
    public Subscription after(Duration delay, Runnable task) {
      return Timekeeper.system().after(delay, task);
    }
  }

  public static void main(String[] args) throws Exception {
    Offset clock = new Offset(new AtomicLong());
    ChildJvm.exitWithParent(line -> clock.millis.set(Long.parseLong(line.substring(5))));
    ZkClient client = ZkClient.builder(args[0])
        .connectTimeout(Duration.ofMinutes(1))
        .label(args[1])
        .sessionTimeout(Duration.ofSeconds(Long.parseLong(args[2])))
        .timekeeper(clock)
        .connect();
    JobScheduler node = JobScheduler.builder(client)
        .history(run -> System.out.println("end " + run.id() + " " + run.outcome()))
        .start();
    node.handle("tick", NodeChild::run);
    System.out.println("ready");
    new CountDownLatch(1).await();
  }

  /** Runs of these slots take long enough to be met inside. */
  static boolean isLong(Instant slot) {
    return slot.getEpochSecond() % 4 == 0;
  }

  /** Works and writes its result even after an interrupt; the fence exists to reject such writes. */
  private static void run(JobRun run) {
    System.out.println("begin " + run.slot().instant() + " " + run.token());
    try {
      new CountDownLatch(1).await(isLong(run.slot().instant()) ? 800 : 50, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      System.out.println("stubborn");
    }
    System.out.println("write " + run.slot().instant() + " " + run.token());
  }
}
