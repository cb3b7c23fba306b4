package io.zookit.lock;

import io.zookit.core.FencingToken;
import io.zookit.core.Subscription;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A lock that was granted. The lease is the owner, not a thread: any thread may use and close it.
 *
 * <p><i>Failure:</i> a lease can be lost at any time, when the session ends or an operator breaks the lock. {@link
 * #isValid} and {@link #onLost} tell; only the token makes what a stale owner still does harmless.
 */
public interface Lease extends AutoCloseable {

  /** The name of the lock. */
  String name();

  /** The token of this grant, greater than that of every grant of this lock before it. */
  FencingToken token();

  /** The state as far as it is known without a request. */
  LeaseState state();

  /**
   * Tells if the lock is held as far as this process can know: the state is {@code HELD}, and the session's deadline on
   * the monotonic clock has not passed. False from the first instruction after a pause longer than the session.
   *
   * <p>A server that is cut off from its leader still answers for a while, so {@code true} is not a proof.
   */
  boolean isValid();

  /**
   * Calls a listener once if the lease is lost or {@linkplain LeaseState#EXPIRED_HOLD held too long}, at once if it was
   * already; not if it is closed.
   */
  Subscription onLost(Consumer<? super Lease> listener);

  /**
   * Calls a listener once when the lock is revoked, with the reason; at once if it was already. A lease that does not
   * listen keeps the lock. A revocation is noticed from a second after the grant on.
   */
  Subscription onRevoked(Consumer<? super String> listener);

  /**
   * Tells if the owner before died while it held the lock: its session ended, or its node was removed, so what the lock
   * protects may be half done. Always false for locks that are not {@linkplain DistributedLockBuilder#robust robust}.
   */
  default boolean previousOwnerDied() {
    return false;
  }

  /**
   * Starts changes of nodes in ZooKeeper that are made only while this lease holds its lock: the ownership is part of
   * their transaction. What is written this way needs no token.
   */
  FencedTransaction fenced();

  /**
   * A future that is done when the lock is certainly no longer held by this lease: its node is gone or its session has
   * ended.
   *
   * <p><i>Failure:</i> it never fails. While ZooKeeper refuses to delete the node, mostly because a permission is
   * missing, the lock is still held and this stays open; the delete is tried again every minute and after each
   * reconnect, and each refusal is counted ({@code zookit.client.deletes.refused}) and the first one logged.
   */
  CompletableFuture<Void> released();

  /**
   * Releases the lock. Returns at once; the request is sent in the background, and again after a reconnect, for as long
   * as the session lives. Never throws for I/O. A lock of this client that is acquired afterwards is requested
   * afterwards.
   *
   * <p><i>Cost:</i> 1 request, no round trip waited for.
   */
  @Override
  void close();
}
