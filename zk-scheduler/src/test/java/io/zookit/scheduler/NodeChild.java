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

/** A process with a node: says what it runs. Told {@code jump MILLIS} it sets its wall clock. */
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
        .label(args[1])
        .sessionTimeout(Duration.ofSeconds(4))
        .timekeeper(clock)
        .connect();
    JobScheduler node = JobScheduler.builder(client).history(HistorySink.none()).start();
    node.handle("tick", run -> {
      System.out.println("begin " + run.slot().instant() + " " + run.token());
      new CountDownLatch(1)
          .await(run.slot().instant().getEpochSecond() % 3 * 150, TimeUnit.MILLISECONDS);
      System.out.println("end " + run.slot().instant() + " " + run.token());
    });
    System.out.println("ready");
    new CountDownLatch(1).await();
  }
}
