package io.zookit.lock;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A lease of a {@link StateCell}, with what the cell holds.
 *
 * <p>Closing it gives the lock up and leaves the cell as it is.
 */
public interface CellLease extends Lease {

  /** The value that the owner before left, read when the lock was granted; empty if none was ever written. */
  Optional<byte[]> value();

  /**
   * Writes the cell and releases the lock, both or neither, in one transaction. The lease is over when this returns.
   * The future completes on the client's executor.
   *
   * <p><i>Failure:</i> the transaction is sent again after a reconnect for as long as the session lives.
   *
   * <p><i>Cost:</i> 1 request.
   *
   * @param value at most {@link StateCell#MOST_BYTES}
   * @return done when it is written; fails with {@link LockLostException} if it certainly is not, because the lock was
   * lost or released before, and with {@link io.zookit.core.ZkUnavailableException} if the session ended without an
   * answer (outcome unknown)
   */
  CompletableFuture<Void> release(byte[] value);
}
