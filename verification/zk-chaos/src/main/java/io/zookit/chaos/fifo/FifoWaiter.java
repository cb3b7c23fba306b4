package io.zookit.chaos.fifo;

import io.zookit.chaos.experiment.ChildArguments;
import io.zookit.chaos.experiment.ChildWork;
import io.zookit.chaos.experiment.Stopwatch;
import io.zookit.chaos.resource.CounterClient;
import io.zookit.core.FencingToken;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.Lease;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryForever;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.data.Stat;

/**
 * A child JVM whose threads wait for one lock, again and again, and show each grant to an arbiter that knows the newest
 * place granted so far. The control draws a number and then tries until the lock happens to be free.
 */
final class FifoWaiter {

  static final int WAITERS = 5;

  /** Printed with the waiter and the place, for a grant in the order of the places. */
  static final String GRANTED = "granted ";

  /** Printed when a waiter with a later place held the lock earlier, although the lease is valid. */
  static final String INVERTED = "inverted ";

  /** Printed when the lease is not valid any more: its session is over, and with it the place. */
  static final String LATE = "late ";

  static final String FAILED = "failed ";

  /** The same for the control. */
  static final String CONTROL_GRANTED = "control-granted ";

  static final String CONTROL_INVERTED = "control-inverted ";

  private static final String CONTROL_FAILED = "control-failed ";

  private static final int TRIERS = 2;
  private static final int RETRY_MILLIS = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ChildArguments arguments;
  private final ZkClient zk;
  private final ChildWork work;

  private FifoWaiter(ChildArguments arguments, ZkClient zk, ChildWork work) {
    this.arguments = arguments;
    this.zk = zk;
    this.work = work;
  }

  private interface Turns {
    void take(String name, CounterClient arbiter) throws Exception;
  }

  /** Arguments: those of a {@link ChildArguments}, and the ports of the arbiters of the lock and of the control. */
  public static void main(String[] args) throws Exception {
    ChildWork work = ChildWork.begin();
    ChildArguments arguments = ChildArguments.of(args);
    try (ZkClient zk = arguments.start();
        CuratorFramework curator = CuratorFrameworkFactory.newClient(
            arguments.addresses(), new RetryForever(RETRY_MILLIS))) {
      curator.start();
      FifoWaiter waiter = new FifoWaiter(arguments, zk, work);
      for (int i = 1; i <= WAITERS; i++) {
        waiter.start(i, arguments.more().get(0), waiter::queue);
      }
      for (int i = 1; i <= TRIERS; i++) {
        waiter.start(
            i, arguments.more().get(1), (name, arbiter) -> waiter.grab(name, arbiter, curator));
      }
      work.awaitEnd();
      ChildWork.end();
    }
  }

  private void start(int number, String port, Turns turns) {
    String name = arguments.member() + "-" + number;
    work.daemon(name, () -> {
      try (CounterClient arbiter = new CounterClient(name, Integer.parseInt(port))) {
        while (work.isOn()) {
          turns.take(name, arbiter);
        }
      }
    });
  }

  private void queue(String name, CounterClient arbiter) throws IOException, InterruptedException {
    DistributedLock lock = DistributedLock.named("fifo", zk);
    try (Lease lease = lock.acquire(PATIENCE)) {
      boolean inOrder = arbiter.read(lease.token()).value().isPresent();
      String what = inOrder ? GRANTED : lease.isValid() ? INVERTED : LATE;
      System.out.println(what + name + " " + lease.token());
    } catch (ZkException e) {
      System.out.println(FAILED + name + " " + e.getMessage());
      Stopwatch.pause(Duration.ofMillis(RETRY_MILLIS));
    }
  }

  private void grab(String name, CounterClient arbiter, CuratorFramework curator) throws Exception {
    FencingToken number = draw(curator);
    DistributedLock lock = DistributedLock.named("grabbed", zk);
    Random random = new Random();
    for (boolean done = false; !done && work.isOn(); ) {
      try {
        Optional<Boolean> inOrder = lock.ifFree(lease -> isInOrder(arbiter, number));
        inOrder.ifPresent(each ->
            System.out.println((each ? CONTROL_GRANTED : CONTROL_INVERTED) + name + " " + number));
        done = inOrder.isPresent();
      } catch (ZkException e) {
        System.out.println(CONTROL_FAILED + name + " " + e.getMessage());
      }
      Stopwatch.pause(Duration.ofMillis(1 + random.nextInt(20)));
    }
  }

  private static FencingToken draw(CuratorFramework curator) throws Exception {
    Stat stat = new Stat();
    String path = curator
        .create()
        .storingStatIn(stat)
        .creatingParentsIfNeeded()
        .withMode(CreateMode.PERSISTENT_SEQUENTIAL)
        .forPath("/numbers/n-");
    curator.delete().quietly().inBackground().forPath(path);
    return new FencingToken(1, stat.getCzxid(), 0);
  }

  private static boolean isInOrder(CounterClient arbiter, FencingToken number) {
    try {
      return arbiter.read(number).value().isPresent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
