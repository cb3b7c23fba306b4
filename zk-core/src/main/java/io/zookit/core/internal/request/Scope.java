package io.zookit.core.internal.request;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.internal.lane.SerialLane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owner of callbacks, timers and subscriptions that end together: after {@link #close()} none of its callbacks runs, its
 * timers are cancelled and its subscriptions are closed.
 *
 * <p>A scope stands for a phase of something that lives on: a session of a client, a request until it is answered, a
 * wait for an event. What belongs to the phase is given to its scope, and the end of the phase closes the scope, so
 * that no callback has to check if it is late. Scopes nest: a scope closes its children, newest first, and a child that
 * is closed leaves its parent.
 *
 * <p><i>Threads:</i> created and used on the loop only, so that a callback that passed the check still belongs to an open
 * scope while it runs, unless it closes the scope itself.
 *
 * <p><i>Failure:</i> a subscription that fails to close is logged; the others are closed.
 *
 * <p><i>Cost:</i> memory for what is open: a timer that ran and a child or subscription that was closed leave nothing.
 */
public final class Scope implements Subscription {

  private static final Logger log = LoggerFactory.getLogger(Scope.class);

  private final SerialLane loop;
  private final Timekeeper timekeeper;
  private final @Nullable Scope parent;
  private final Set<Subscription> owned = new LinkedHashSet<>();
  private boolean open;

  private Scope(SerialLane loop, Timekeeper timekeeper, @Nullable Scope parent) {
    this.loop = loop;
    this.timekeeper = timekeeper;
    this.parent = parent;
    this.open = parent == null || parent.open;
  }

  /**
   * Creates an open scope without a parent.
   *
   * @param loop where the scope is used and its timers run
   */
  public static Scope root(SerialLane loop, Timekeeper timekeeper) {
    return new Scope(loop, timekeeper, null);
  }

  /** Creates a scope that is closed together with this one at the latest; a closed scope creates closed ones. */
  public Scope child() {
    Scope child = new Scope(loop, timekeeper, this);
    if (open) {
      owned.add(child);
    }
    return child;
  }

  /** Tells if neither this scope nor one around it was closed. */
  public boolean isOpen() {
    return open;
  }

  /** Returns a callback that runs the given one while this scope is open, and does nothing later. */
  public Runnable wrap(Runnable callback) {
    return () -> {
      if (open) {
        callback.run();
      }
    };
  }

  /** Returns a callback that calls the given one while this scope is open, and does nothing later. */
  public <T> Consumer<T> wrap(Consumer<? super T> callback) {
    return value -> {
      if (open) {
        callback.accept(value);
      }
    };
  }

  /**
   * Runs a step once on the loop, unless this scope is closed before.
   *
   * @param delay zero or more
   * @return closing it, on the loop, cancels the step
   */
  public Subscription after(Duration delay, Runnable step) {
    Owned timer = new Owned();
    if (open) {
      owned.add(timer);
      timer.inner = timekeeper.after(
          delay,
          () -> loop.execute(() -> {
            if (owned.remove(timer)) {
              step.run();
            }
          }));
    }
    return timer;
  }

  /**
   * Closes a subscription together with this scope; at once if this scope is closed.
   *
   * @return closing it, on the loop, closes the subscription earlier
   */
  public Subscription own(Subscription subscription) {
    Owned kept = new Owned();
    kept.inner = subscription;
    if (open) {
      owned.add(kept);
    } else {
      subscription.close();
    }
    return kept;
  }

  /** Closes what this scope owns, newest first. Idempotent. */
  @Override
  public void close() {
    if (!open) {
      return;
    }
    open = false;
    if (parent != null) {
      parent.owned.remove(this);
    }
    List<Subscription> ending = new ArrayList<>(owned);
    Collections.reverse(ending);
    for (Subscription one : ending) {
      try {
        one.close();
      } catch (RuntimeException e) {
        log.error("A subscription could not be closed; the others of its scope are", e);
      }
    }
  }

  /** The number of open timers, subscriptions and children. */
  int size() {
    return owned.size();
  }

  /** Timer or subscription of this scope; part of {@code owned} for as long as it is open. */
  private final class Owned implements Subscription {

    private @Nullable Subscription inner;

    @Override
    public void close() {
      if (owned.remove(this) && inner != null) {
        inner.close();
      }
    }
  }
}
