package io.zookit.samples.shop.orders;

import io.zookit.lock.Lease;
import io.zookit.samples.shop.process.ShopEvent;
import io.zookit.samples.shop.process.ShopEvent.Kind;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Point between the read and the write of an owner at which the demo can stop it. Once armed, the next owner that
 * arrives reports itself and blocks until it is released; all others pass.
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
      ShopEvent.of(Kind.PAUSED)
          .with("lock", lease.name())
          .with("order", order)
          .with("token", lease.token())
          .report();
      go.await();
    }
  }
}
