package io.zookit.registry;

import io.zookit.core.Meters;
import io.zookit.core.Subscription;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;

/** Measurements a test can read. */
final class CountedMeters implements Meters {

  private final Map<String, Long> counts = new ConcurrentHashMap<>();
  private final Map<String, DoubleSupplier> gauges = new ConcurrentHashMap<>();

  /** Returns the value of a counter, or the number of recordings of a timer. */
  long count(String name) {
    return counts.getOrDefault(name, 0L);
  }

  double gauge(String name) {
    return gauges.getOrDefault(name, () -> Double.NaN).getAsDouble();
  }

  Set<String> gauges() {
    return gauges.keySet();
  }

  @Override
  public void count(String name, long amount) {
    counts.merge(name, amount, Long::sum);
  }

  @Override
  public void time(String name, long nanos) {
    counts.merge(name, 1L, Long::sum);
  }

  @Override
  public Subscription gauge(String name, DoubleSupplier value) {
    gauges.put(name, value);
    return () -> gauges.remove(name);
  }
}
