package io.zookit.core.internal.session;

import io.zookit.core.SessionState;
import io.zookit.core.SessionView;
import io.zookit.core.Subscription;
import io.zookit.core.internal.lane.SerialLane;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The views of a client's session for users: one at any time, and notifications of every transition.
 *
 * <p>Each listener has a lane of its own. It is added on the loop, so it first receives the view of that moment, and
 * never an older one.
 */
public final class SessionViews implements SessionListener {

  private final SessionTracker tracker;
  private final SerialLane loop;
  private final Supplier<SerialLane> lanes;
  private final Set<ViewListener> listeners = new LinkedHashSet<>();
  private volatile boolean closed;

  /** True if the loss was reported at the deadline of the session in use. */
  private boolean lapsed;

  public SessionViews(SessionTracker tracker, SerialLane loop, Supplier<SerialLane> lanes) {
    this.tracker = tracker;
    this.loop = loop;
    this.lanes = lanes;
  }

  /** The view of this moment, on any thread. */
  public SessionView now() {
    SessionHandle handle = tracker.handle();
    if (handle == null || closed) {
      return new SessionView(SessionState.LOST, Duration.ZERO, Duration.ZERO);
    }
    if (tracker.isLapsed()) {
      return new SessionView(SessionState.LOST, Duration.ZERO, handle.timeout());
    }
    long remaining = handle.remaining();
    boolean safe = tracker.isConnected() && handle.isConnected() && remaining > 0;
    return safe
        ? new SessionView(SessionState.CONNECTED, Duration.ofNanos(remaining), handle.timeout())
        : new SessionView(SessionState.SUSPECT, Duration.ZERO, handle.timeout());
  }

  /** Adds a listener; if the client was closed before, it receives the loss and nothing else. */
  public Subscription listen(Consumer<? super SessionView> listener) {
    ViewListener added = new ViewListener(lanes.get(), listener);
    loop.execute(() -> {
      if (added.open) {
        added.tell(now());
        listeners.add(added);
      }
    });
    return () -> {
      added.open = false;
      loop.execute(() -> listeners.remove(added));
    };
  }

  /** Notifies all listeners of the loss, for the last time. On the loop. */
  public void close() {
    boolean known = tracker.handle() != null;
    closed = true;
    if (known) {
      listeners.forEach(added -> added.tell(now()));
    }
    listeners.clear();
  }

  @Override
  public void onConnected(SessionHandle handle) {
    lapsed = false;
    Duration left = Duration.ofNanos(Math.max(0, handle.remaining()));
    tell(new SessionView(SessionState.CONNECTED, left, handle.timeout()));
  }

  @Override
  public void onSuspect(SessionHandle handle) {
    tell(new SessionView(SessionState.SUSPECT, Duration.ZERO, handle.timeout()));
  }

  @Override
  public void onDeadline(SessionHandle handle) {
    lapsed = true;
    tellLost(handle);
  }

  /** Notifies of the loss, unless that was done at the deadline. */
  @Override
  public void onLost(SessionHandle handle) {
    if (!lapsed) {
      tellLost(handle);
    }
    lapsed = false;
  }

  private void tellLost(SessionHandle handle) {
    tell(new SessionView(SessionState.LOST, Duration.ZERO, handle.timeout()));
  }

  private void tell(SessionView view) {
    listeners.forEach(added -> added.tell(view));
  }

  private static final class ViewListener {
    private final SerialLane lane;
    private final Consumer<? super SessionView> listener;
    private volatile boolean open = true;

    ViewListener(SerialLane lane, Consumer<? super SessionView> listener) {
      this.lane = lane;
      this.listener = listener;
    }

    void tell(SessionView view) {
      lane.execute(() -> {
        if (open) {
          listener.accept(view);
        }
      });
    }
  }
}
