package io.zookit.core.internal.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engines of a client, at most one of a kind. No engine's code runs under the lock. */
final class Engines {

  private static final Logger log = LoggerFactory.getLogger(Engines.class);

  private final CoreClient client;
  private final Map<Class<?>, Engine> made = new HashMap<>();
  private final Deque<Engine> order = new ArrayDeque<>();
  private boolean closed;

  Engines(CoreClient client) {
    this.client = client;
  }

  <E extends Engine> E get(Class<E> kind, Function<? super CoreClient, ? extends E> maker) {
    Engine engine = find(kind);
    if (engine == null) {
      E fresh = maker.apply(client);
      engine = add(kind, fresh);
      if (engine == fresh) {
        fresh.start();
        if (!addStarted(fresh)) {
          close(fresh);
        }
      }
    }
    return kind.cast(engine);
  }

  private synchronized @Nullable Engine find(Class<?> kind) {
    return made.get(kind);
  }

  /** Adds an engine unless another thread has added one meanwhile, and returns the one that was added. */
  private synchronized Engine add(Class<?> kind, Engine fresh) {
    if (closed) {
      throw new IllegalStateException(client + ": is closed");
    }
    Engine known = made.putIfAbsent(kind, fresh);
    return known == null ? fresh : known;
  }

  /**
   * Adds a started engine to those to close; false if all were closed while it started, so its creator has to close it.
   */
  private synchronized boolean addStarted(Engine engine) {
    if (!closed) {
      order.push(engine);
    }
    return !closed;
  }

  /** Closes all, last started first. */
  void close() {
    takeAll().forEach(this::close);
  }

  private void close(Engine engine) {
    try {
      engine.close();
    } catch (RuntimeException e) {
      log.error("{}: an engine did not close", client, e);
    }
  }

  private synchronized List<Engine> takeAll() {
    closed = true;
    List<Engine> all = new ArrayList<>(order);
    order.clear();
    return all;
  }
}
