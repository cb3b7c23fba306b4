package io.zookit.core.internal.session;

import java.util.concurrent.CompletableFuture;

/** A listener that repeats requests until they are done in their session. On the loop. */
public interface SettlingListener extends SessionListener {

  /** Completes a future when all that is pending now is done. */
  void whenSettled(CompletableFuture<Void> settled);
}
