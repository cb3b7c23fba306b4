package io.zookit.samples.orders;

import io.zookit.lock.Lease;
import io.zookit.samples.process.Event;
import io.zookit.samples.process.Event.Kind;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Where the demo gets hold of an owner, between his read and his write. Once armed, the next owner who comes by says so
 * and waits to be let go; everybody else passes.
 */
final class PausePoint {

  private final AtomicBoolean armed = new AtomicBoolean();
  private final CountDownLatch go = new CountDownLatch(1);

  void arm() {
    armed.set(true);
  }

  void letGo() {
    go.countDown();
  }

  void pass(String order, Lease lease) throws InterruptedException {
    if (armed.compareAndSet(true, false)) {
      Event.of(Kind.PAUSED)
          .with("lock", lease.name())
          .with("order", order)
          .with("token", lease.token())
          .tell();
      go.await();
    }
  }
}
