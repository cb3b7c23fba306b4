package io.zookit.lock.internal.request;

import io.zookit.lock.internal.queue.QueueNodes;
import java.util.concurrent.CompletableFuture;

/** Deletes the queue nodes of a lease that ends. Used on the loop. */
@FunctionalInterface
public interface ReleaseStrategy {

  /**
   * Deletes them, with whatever else belongs to the release.
   *
   * @return completed when they are certainly gone
   */
  CompletableFuture<Void> release(QueueNodes nodes);
}
