package io.zookit.console.http;

import io.zookit.console.resource.ApiCall;
import io.zookit.console.resource.ApiReply;
import io.zookit.console.resource.Endpoint;
import io.zookit.core.Role;
import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkUnavailableException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers that change: each is computed once for all long polls and streams of the same role, path and query, when its source
 * reports a change, one computation at a time.
 *
 * <p><i>Threads:</i> any. Listeners are called by the executor and must not block.
 */
final class Feeds {

  private static final Duration RETRY = Duration.ofSeconds(2);
  private static final Duration LINGER = Duration.ofSeconds(10);
  private static final int MOST = 2_000;

  private final Timekeeper timekeeper;
  private final Executor executor;
  private final Map<FeedKey, Feed> feeds = new HashMap<>();

  Feeds(Timekeeper timekeeper, Executor executor) {
    this.timekeeper = timekeeper;
    this.executor = executor;
  }

  /** Identity of a call. */
  private record FeedKey(Role role, String path, SortedMap<String, String> query) {}

  /** Adds a listener, which receives the newest answer, if it is known, and every later one. */
  Subscription join(String path, Endpoint endpoint, ApiCall call, Consumer<Rendered> listener) {
    FeedKey key = new FeedKey(call.role(), path, new TreeMap<>(call.query()));
    Feed feed;
    synchronized (feeds) {
      feed = feeds.get(key);
      if (feed == null) {
        if (feeds.size() >= MOST) {
          throw new ZkUnavailableException("too many things are followed; try again in a minute");
        }
        feed = new Feed(key, endpoint, call);
        feeds.put(key, feed);
      }
      feed.users++;
    }
    return feed.add(listener);
  }

  /** One answer, kept current while it has listeners. */
  private final class Feed {

    private final FeedKey key;
    private final Endpoint endpoint;
    private final ApiCall call;
    private final CopyOnWriteArrayList<Consumer<Rendered>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicInteger changes = new AtomicInteger();
    private final AtomicBoolean started = new AtomicBoolean();
    private int users; // guarded by feeds
    private volatile @Nullable Rendered last;
    private volatile @Nullable Subscription source;
    private volatile boolean ended;

    Feed(FeedKey key, Endpoint endpoint, ApiCall call) {
      this.key = key;
      this.endpoint = endpoint;
      this.call = call;
    }

    Subscription add(Consumer<Rendered> listener) {
      listeners.add(listener);
      if (started.compareAndSet(false, true)) {
        start();
      } else {
        Rendered known = last;
        if (known != null) {
          listener.accept(known);
        }
      }
      AtomicBoolean closed = new AtomicBoolean();
      return () -> {
        if (closed.compareAndSet(false, true)) {
          listeners.remove(listener);
          timekeeper.after(LINGER, this::leave);
        }
      };
    }

    private void start() {
      try {
        source = Objects.requireNonNull(endpoint.source()).onChange(call, this::changed);
      } catch (RuntimeException e) {
        publish(Rendered.failed(e));
        timekeeper.after(RETRY, this::startAgain);
        return;
      }
      if (ended) {
        closeSource();
      }
      changed();
    }

    private void startAgain() {
      if (!ended) {
        start();
      }
    }

    private void closeSource() {
      Subscription open = source;
      if (open != null) {
        open.close();
      }
    }

    private void leave() {
      synchronized (feeds) {
        if (--users > 0) {
          return;
        }
        feeds.remove(key, this);
      }
      ended = true;
      closeSource();
    }

    private void changed() {
      if (!ended && changes.getAndIncrement() == 0) {
        try {
          executor.execute(this::compute);
        } catch (RejectedExecutionException e) {
          ended = true; // the console is being closed
        }
      }
    }

    private void compute() {
      int seen;
      do {
        seen = changes.get();
        Rendered next = render();
        publish(next);
        if (next.failure() != null && !ended) {
          timekeeper.after(RETRY, this::changed);
        }
      } while (changes.addAndGet(-seen) != 0);
    }

    private Rendered render() {
      try {
        ApiReply reply = endpoint.handler().handle(call);
        return Rendered.of(reply);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Rendered.failed(e);
      } catch (RuntimeException e) {
        return Rendered.failed(e);
      }
    }

    private void publish(Rendered next) {
      Rendered before = last;
      if (before == null || !before.isSame(next)) {
        last = next;
        listeners.forEach(listener -> listener.accept(next));
      }
    }
  }
}
