package io.zookit.lock.internal.request;

import java.util.concurrent.CompletableFuture;

/** The part of the engine that a lease belongs to. Called on the loop, before any listener of a user. */
public interface LeaseOwner {

  /** Deletes the nodes of a lease that is closed. */
  LeaseOwner REQUEST = new LeaseOwner() {};

  /**
   * Deletes the nodes of a lease that has ended, or hands them to another lease.
   *
   * @return completed when this lease certainly does not hold the lock any longer
   */
  default CompletableFuture<Void> release(LeaseHandle lease) {
    return lease.grant().request().release();
  }

  /** The nodes of a lease are lost. Also called for a lease that was closed, if its nodes were not deleted yet. */
  default void onLost(LeaseHandle lease, String reason) {}

  /** A lease was held too long; {@link #release} follows. */
  default void onExpired(LeaseHandle lease) {}

  /** An operator asks for the lock back. */
  default void onRevokeAsked(LeaseHandle lease, String reason) {}
}
