package io.zookit.core.internal.lane;

import io.zookit.core.LiveValue;
import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkTimeoutException;
import io.zookit.core.ZkUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The implementation of {@link LiveValue}: a value that its owner sets, and its subscribers.
 *
 * <p>Each subscriber has a lane of its own and the version it last received. A change schedules a task of its lane,
 * unless one is pending; the task reads the newest value, so several changes may become one call, never an older value
 * after a newer one, and never the same value twice.
 *
 * @param <T> an immutable value
 */
public final class LiveCell<T> implements LiveValue<T> {

  private static final Logger log = LoggerFactory.getLogger(LiveCell.class);

  /** The known value: {@code version} counts values; {@code staleSince} is the clock when following stopped. */
  private record VersionedValue<T>(
      long version, @Nullable T value, @Nullable Long staleSince, boolean closed) {}

  private final String name;
  private final Timekeeper timekeeper;
  private final Supplier<SerialLane> lanes;
  private final Runnable onClose;
  private final AtomicReference<VersionedValue<T>> known =
      new AtomicReference<>(new VersionedValue<>(0, null, null, false));
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final List<ValueSubscriber> subscribers = new CopyOnWriteArrayList<>();

  /**
   * A cell without a value.
   *
   * @param lanes makes the lane of a new subscriber
   * @param onClose run once, by the first {@code close()}
   */
  public LiveCell(
      String name, Timekeeper timekeeper, Supplier<SerialLane> lanes, Runnable onClose) {
    this.name = name;
    this.timekeeper = timekeeper;
    this.lanes = lanes;
    this.onClose = onClose;
  }

  /** Sets a newer value, which is live from now on; nothing when closed. One caller at a time. */
  public void set(T value) {
    if (!known.updateAndGet(
            k -> k.closed ? k : new VersionedValue<>(k.version + 1, value, null, false))
        .closed) {
      ready.complete(null);
      subscribers.forEach(ValueSubscriber::wake);
    }
  }

  /** The value is no longer followed live. */
  public void toStale() {
    toStale(timekeeper.nanos());
  }

  /** The value is no longer followed live, since a moment of the client's clock. */
  public void toStale(long since) {
    known.updateAndGet(
        k -> k.staleSince == null ? new VersionedValue<>(k.version, k.value, since, k.closed) : k);
  }

  /** Marks the same value as live again; no effect when closed. */
  public void toLive() {
    known.updateAndGet(k -> k.closed ? k : new VersionedValue<>(k.version, k.value, null, false));
  }

  private VersionedValue<T> known() {
    return Objects.requireNonNull(known.get());
  }

  @Override
  public T current() {
    return latest()
        .orElseThrow(
            () -> new ZkUnavailableException(name + ": no value was ever seen; nothing was sent"));
  }

  @Override
  public Optional<T> latest() {
    return Optional.ofNullable(known().value);
  }

  @Override
  public LiveCell<T> awaitReady(Duration timeout) throws InterruptedException {
    try {
      ready.get(Timeouts.nanos(timeout), TimeUnit.NANOSECONDS);
      return this;
    } catch (TimeoutException e) {
      throw new ZkTimeoutException(name + ": no value within " + timeout);
    } catch (ExecutionException e) {
      throw new ZkUnavailableException(name + ": closed before a value was seen", e.getCause());
    }
  }

  @Override
  public Duration age() {
    Long since = known().staleSince;
    return since == null ? Duration.ZERO : Duration.ofNanos(timekeeper.nanos() - since);
  }

  @Override
  public Subscription subscribe(Consumer<? super T> listener) {
    ValueSubscriber subscriber = new ValueSubscriber(lanes.get(), listener);
    subscribers.add(subscriber);
    subscriber.wake();
    return () -> {
      subscriber.open = false;
      subscribers.remove(subscriber);
    };
  }

  @Override
  public void close() {
    VersionedValue<T> before =
        known.getAndUpdate(k -> new VersionedValue<>(k.version, k.value, k.staleSince, true));
    if (!before.closed) {
      toStale();
      subscribers.forEach(subscriber -> subscriber.open = false);
      subscribers.clear();
      ready.completeExceptionally(new IllegalStateException("closed"));
      onClose.run();
    }
  }

  @Override
  public String toString() {
    return name;
  }

  private final class ValueSubscriber {
    private final SerialLane lane;
    private final Consumer<? super T> listener;
    private final AtomicBoolean awake = new AtomicBoolean();
    private volatile boolean open = true;
    private long told;

    ValueSubscriber(SerialLane lane, Consumer<? super T> listener) {
      this.lane = lane;
      this.listener = listener;
    }

    void wake() {
      if (awake.compareAndSet(false, true)) {
        lane.execute(this::tell);
      }
    }

    private void tell() {
      awake.set(false); // before the value is read: any later set wakes the lane again
      VersionedValue<T> now = known();
      T value = now.value;
      if (open && value != null && now.version > told) {
        told = now.version;
        try {
          listener.accept(value);
        } catch (RuntimeException e) {
          log.error("{}: a subscriber failed and stays subscribed", name, e);
        }
      }
    }
  }
}
