package io.zookit.core.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engines of a client, at most one of a kind. */
final class Engines {

  private static final Logger log = LoggerFactory.getLogger(Engines.class);

  private final CoreClient client;
  private final Map<Class<?>, AutoCloseable> made = new HashMap<>();
  private final Deque<AutoCloseable> order = new ArrayDeque<>();
  private boolean closed;

  Engines(CoreClient client) {
    this.client = client;
  }

  synchronized <E extends AutoCloseable> E get(
      Class<E> kind, Function<? super CoreClient, ? extends E> maker) {
    if (closed) {
      throw new IllegalStateException(client + ": is closed");
    }
    AutoCloseable known = made.get(kind);
    if (known != null) {
      return kind.cast(known);
    }
    E engine = maker.apply(client);
    made.put(kind, engine);
    order.push(engine);
    return engine;
  }

  /** Closes all, last made first, none under the lock. */
  void close() {
    Deque<AutoCloseable> closing;
    synchronized (this) {
      closed = true;
      closing = new ArrayDeque<>(order);
      order.clear();
    }
    for (AutoCloseable engine : closing) {
      try {
        engine.close();
      } catch (
          Exception e) { // AutoCloseable declares no narrower type; the others must still be closed
        log.error("{}: an engine did not close", client, e);
      }
    }
  }
}
