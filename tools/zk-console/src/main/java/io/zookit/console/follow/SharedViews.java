package io.zookit.console.follow;

import io.zookit.core.LiveValue;
import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Live values by key, each shared by all that use it: requests at ZooKeeper do not grow with their number. One is opened by
 * its first use and closed a minute after the last.
 *
 * <p><i>Threads:</i> any.
 *
 * @param <K> what is followed
 * @param <V> its value
 * @param <L> the live value
 */
public final class SharedViews<K, V, L extends LiveValue<V>> implements AutoCloseable {

  private static final Duration LINGER = Duration.ofMinutes(1);
  private static final int MOST = 2_000;

  private final Timekeeper timekeeper;
  private final Function<K, L> open;
  private final Map<K, SharedView<L>> views = new HashMap<>();
  private boolean closed;

  SharedViews(Timekeeper timekeeper, Function<K, L> open) {
    this.timekeeper = timekeeper;
    this.open = open;
  }

  /**
   * One use of a shared value.
   *
   * @param <L> the live value
   */
  public interface SharedUse<L> extends AutoCloseable {
    /** The value; not to be closed. */
    L value();

    /** Ends this use. */
    @Override
    void close();
  }

  /** A value with the number of its uses. */
  private static final class SharedView<L> {
    final L value;
    int users;

    @Nullable
    Subscription closing;

    SharedView(L value) {
      this.value = value;
    }
  }

  /**
   * Uses a value.
   *
   * @throws ZkUnavailableException if too many are open
   */
  public synchronized SharedUse<L> use(K key) {
    if (closed) {
      throw new ZkUnavailableException("the console is being closed");
    }
    SharedView<L> view = views.get(key);
    if (view == null) {
      if (views.size() >= MOST) {
        throw new ZkUnavailableException("too many views are open; try again in a minute");
      }
      view = new SharedView<>(open.apply(key));
      views.put(key, view);
    }
    view.users++;
    if (view.closing != null) {
      view.closing.close();
      view.closing = null;
    }
    return use(key, view);
  }

  private SharedUse<L> use(K key, SharedView<L> view) {
    AtomicBoolean ended = new AtomicBoolean();
    return new SharedUse<>() {
      @Override
      public L value() {
        return view.value;
      }

      @Override
      public void close() {
        if (ended.compareAndSet(false, true)) {
          release(key, view);
        }
      }
    };
  }

  private synchronized void release(K key, SharedView<L> view) {
    view.users--;
    if (view.users == 0 && !closed) {
      view.closing = timekeeper.after(LINGER, () -> closeIfUnused(key, view));
    }
  }

  private void closeIfUnused(K key, SharedView<L> view) {
    synchronized (this) {
      if (closed || view.users > 0 || views.get(key) != view) {
        return;
      }
      views.remove(key);
    }
    view.value.close();
  }

  @Override
  public void close() {
    List<SharedView<L>> all;
    synchronized (this) {
      closed = true;
      all = new ArrayList<>(views.values());
      views.clear();
    }
    all.forEach(view -> {
      Subscription closing = view.closing;
      if (closing != null) {
        closing.close();
      }
      view.value.close();
    });
  }
}
