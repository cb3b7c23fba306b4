package io.zookit.scheduler;

import io.zookit.core.Meters;
import io.zookit.core.Subscription;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleSupplier;

/** What the nodes of a world measured: how much was counted, how often was timed, and the least of each gauge. */
final class SimMeters implements Meters {

  final Map<String, Long> counts = new HashMap<>();
  private final Map<String, DoubleSupplier> gauges = new HashMap<>();

  /** The gauge of this name, which there must be. */
  DoubleSupplier gauge(String name) {
    return Objects.requireNonNull(gauges.get(name), name);
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
    gauges.merge(name, value, (a, b) -> () -> Math.min(a.getAsDouble(), b.getAsDouble()));
    return () -> {};
  }
}
