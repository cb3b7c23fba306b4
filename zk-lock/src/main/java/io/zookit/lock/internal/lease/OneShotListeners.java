package io.zookit.lock.internal.lease;

import io.zookit.core.Subscription;
import io.zookit.core.internal.lane.SerialLane;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Listeners of an event that happens at most once: each is notified once on the lane, whether it is added before or after
 * the event.
 */
public final class OneShotListeners<T> {

  private final SerialLane lane;
  private final AtomicReference<@Nullable T> happened = new AtomicReference<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  public OneShotListeners(SerialLane lane) {
    this.lane = lane;
  }

  public Subscription add(Consumer<? super T> told) {
    Listener listener = new Listener(told);
    listeners.add(listener);
    T already = happened.get();
    if (already != null) {
      listener.tell(already);
    }
    return () -> {
      listener.open.set(false);
      listeners.remove(listener);
    };
  }

  public void tell(T what) {
    if (happened.compareAndSet(null, what)) {
      listeners.forEach(listener -> listener.tell(what));
    }
  }

  private final class Listener {
    private final Consumer<? super T> told;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Listener(Consumer<? super T> told) {
      this.told = told;
    }

    void tell(T what) {
      lane.execute(() -> {
        if (open.compareAndSet(true, false)) {
          told.accept(what);
        }
      });
    }
  }
}
