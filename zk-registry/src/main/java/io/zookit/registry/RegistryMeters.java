package io.zookit.registry;

import io.zookit.core.Meters;
import io.zookit.core.Subscription;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** What is measured of all registrations and views of a client; never by name. */
final class RegistryMeters {

  private final Meters meters;
  private final AtomicInteger wanted = new AtomicInteger();
  private final AtomicInteger registered = new AtomicInteger();
  private final AtomicInteger views = new AtomicInteger();
  private List<Subscription> gauges = List.of();

  RegistryMeters(Meters meters) {
    this.meters = meters;
  }

  void open() {
    gauges = List.of(
        meters.gauge("zookit.registry.wanted", wanted::get),
        meters.gauge("zookit.registry.registered", registered::get),
        meters.gauge("zookit.registry.views", views::get));
  }

  void onWanted() {
    wanted.incrementAndGet();
  }

  void onUnwanted() {
    wanted.decrementAndGet();
  }

  void onRegistered() {
    registered.incrementAndGet();
    meters.count("zookit.registry.registrations", 1);
  }

  void onUnregistered() {
    registered.decrementAndGet();
  }

  void onMissing() {
    meters.count("zookit.registry.losses", 1);
  }

  void onConflict() {
    meters.count("zookit.registry.conflicts", 1);
  }

  void onView() {
    views.incrementAndGet();
  }

  void onViewClosed() {
    views.decrementAndGet();
  }

  void onRead(long nanos) {
    meters.time("zookit.registry.read", nanos);
  }

  void onChanges(int count) {
    meters.count("zookit.registry.changes", count);
  }

  void onSkipped(int count) {
    meters.count("zookit.registry.skipped", count);
  }

  void close() {
    gauges.forEach(Subscription::close);
  }
}
