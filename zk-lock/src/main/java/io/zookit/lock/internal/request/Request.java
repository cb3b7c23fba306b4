package io.zookit.lock.internal.request;

import io.zookit.core.ZkException;
import io.zookit.lock.Lease;
import io.zookit.lock.LockTimeoutException.WaitedFor;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** One call for a lock, from asking to the end of its lease. Lives on the loop. */
public interface Request {

  /** Takes it up; called once. */
  void start();

  /** The lease; empty when it does not wait and would have to; or why not. Completed on the loop. */
  CompletableFuture<Optional<Lease>> outcome();

  /** Describes its progress, for error texts. */
  String describe();

  /** The request directly ahead of it; empty if it waits for none, or has not read it yet. */
  default Optional<WaitedFor> waitedFor() {
    return Optional.empty();
  }

  /** Ends it: withdraws the request or closes the lease. */
  void giveUp(ZkException reason);

  /** Ends it if it still waits. */
  void giveUpUnlessGranted(Supplier<ZkException> reason);

  /** Ends one that does not wait: another request has the lock. */
  void completeBusy();
}
