package io.zookit.registry.internal.runtime;

import io.zookit.core.Meters;
import io.zookit.core.Subscription;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Metrics of all registrations and views of a client; never by name. */
public final class RegistryMeters {

  private final Meters meters;
  private final AtomicInteger wanted = new AtomicInteger();
  private final AtomicInteger registered = new AtomicInteger();
  private final AtomicInteger views = new AtomicInteger();
  private List<Subscription> gauges = List.of();

  public RegistryMeters(Meters meters) {
    this.meters = meters;
  }

  public void open() {
    gauges = List.of(
        meters.gauge("zookit.registry.wanted", wanted::get),
        meters.gauge("zookit.registry.registered", registered::get),
        meters.gauge("zookit.registry.views", views::get));
  }

  public void onWanted() {
    wanted.incrementAndGet();
  }

  public void onUnwanted() {
    wanted.decrementAndGet();
  }

  public void onRegistered() {
    registered.incrementAndGet();
    meters.count("zookit.registry.registrations", 1);
  }

  public void onUnregistered() {
    registered.decrementAndGet();
  }

  public void onMissing() {
    meters.count("zookit.registry.losses", 1);
  }

  public void onConflict() {
    meters.count("zookit.registry.conflicts", 1);
  }

  public void onView() {
    views.incrementAndGet();
  }

  public void onViewClosed() {
    views.decrementAndGet();
  }

  public void onRead(long nanos) {
    meters.time("zookit.registry.read", nanos);
  }

  public void onChanges(int count) {
    meters.count("zookit.registry.changes", count);
  }

  public void onSkipped(int count) {
    meters.count("zookit.registry.skipped", count);
  }

  public void close() {
    gauges.forEach(Subscription::close);
  }
}
