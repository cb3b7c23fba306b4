package io.zookit.samples.shop.orders;

import io.zookit.core.ZkClient;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.Lease;
import io.zookit.lock.LockTimeoutException;
import java.io.IOException;
import java.time.Duration;

/**
 * Sells single pieces: reads how many are left, takes one away, writes the new number.
 *
 * <p>Two concurrent owners of the lock would both sell the same piece. The lock keeps them apart as long as every
 * owner knows that it still holds the lock. A process that was stopped for longer than its session does not know that
 * it has lost it, which is why the fencing token accompanies every read and every write, down to the store.
 */
final class Checkout {

  private final ZkClient zk;
  private final InventoryClient inventory;
  private final PausePoint pause;

  Checkout(ZkClient zk, InventoryClient inventory, PausePoint pause) {
    this.zk = zk;
    this.inventory = inventory;
    this.pause = pause;
  }

  /**
   * Sells a piece.
   *
   * @param timeout how long to wait for the lock
   * @throws SoldOutException if none is left
   * @throws LockTimeoutException if others held the lock for the whole time; nothing was sold
   * @throws LeaseLostException if the lock was lost before the order was written; nothing was sold
   * @throws IOException if no inventory answered; the piece may have been sold
   */
  void sell(String order, String sku, Duration timeout) throws IOException, InterruptedException {
    DistributedLock lock = DistributedLock.named("stock/" + sku, zk);
    try (Lease lease = lock.acquire(timeout)) {
      int left = inventory.left(sku, lease.token());
      if (left <= 0) {
        throw new SoldOutException(sku);
      }
      pause.pass(order, lease);
      inventory.sell(order, sku, left - 1, lease.token());
    }
  }
}
