package io.zookit.lock.internal.request;

import java.util.concurrent.CompletableFuture;

/** How the queue nodes of a lease that ends are given up. Used on the loop. */
@FunctionalInterface
public interface ReleaseStrategy {

  /**
   * Gives them up.
   *
   * @return completed when they are certainly gone
   */
  CompletableFuture<Void> release(QueueNodes nodes);
}
