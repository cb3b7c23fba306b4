package io.zookit.config.internal.follow;

import io.zookit.config.ConfigRejectedException;
import io.zookit.config.Namespace;
import io.zookit.core.LiveValue;
import io.zookit.core.Subscription;
import io.zookit.core.internal.lane.LiveCell;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A bound record as its user sees it: while there never was a good one, it says why. */
final class BoundLiveValue<T> implements LiveValue<T> {

  private final Namespace ns;
  private final LiveCell<T> cell;
  private volatile List<String> problems = List.of();

  BoundLiveValue(Namespace ns, LiveCell<T> cell) {
    this.ns = ns;
    this.cell = cell;
  }

  LiveCell<T> cell() {
    return cell;
  }

  void refused(List<String> why) {
    problems = why;
  }

  @Override
  public T current() {
    if (!problems.isEmpty() && cell.latest().isEmpty()) {
      throw new ConfigRejectedException(ns, problems);
    }
    return cell.current();
  }

  @Override
  public Optional<T> latest() {
    return cell.latest();
  }

  @Override
  public LiveValue<T> awaitReady(Duration timeout) throws InterruptedException {
    try {
      cell.awaitReady(timeout);
      return this;
    } catch (io.zookit.core.ZkTimeoutException e) {
      if (!problems.isEmpty()) {
        ConfigRejectedException refused = new ConfigRejectedException(ns, problems);
        refused.initCause(e);
        throw refused;
      }
      throw e;
    }
  }

  @Override
  public Duration age() {
    return cell.age();
  }

  @Override
  public Subscription subscribe(Consumer<? super T> listener) {
    return cell.subscribe(listener);
  }

  @Override
  public void close() {
    cell.close();
  }

  @Override
  public String toString() {
    return cell.toString();
  }
}
