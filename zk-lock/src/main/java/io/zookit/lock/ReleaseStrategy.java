package io.zookit.lock;

import java.util.concurrent.CompletableFuture;

/** How the nodes of a lease that is closed are given up. */
@FunctionalInterface
interface ReleaseStrategy {

  /** Deletes them, and nothing else. */
  ReleaseStrategy PLAIN = Standing::remove;

  /**
   * Gives them up. On the loop.
   *
   * @return done when they are surely gone
   */
  CompletableFuture<Void> leave(Standing standing);
}
