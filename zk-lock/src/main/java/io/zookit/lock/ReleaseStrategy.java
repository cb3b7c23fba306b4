package io.zookit.lock;

import java.util.concurrent.CompletableFuture;

/** How the queue nodes of a lease that ends are given up. Used on the loop. */
@FunctionalInterface
interface ReleaseStrategy {

  /**
   * Gives them up.
   *
   * @return completed when they are certainly gone
   */
  CompletableFuture<Void> release(QueueNodes nodes);
}
