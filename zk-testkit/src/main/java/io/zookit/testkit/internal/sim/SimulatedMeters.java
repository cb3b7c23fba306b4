package io.zookit.testkit.internal.sim;

import io.zookit.core.Meters;
import io.zookit.core.Subscription;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** The measurements of a simulated client. */
public final class SimulatedMeters implements Meters {

  private final Map<String, Long> counts = new HashMap<>();
  private final Map<String, DoubleSupplier> gauges = new LinkedHashMap<>();

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

  /** The sum of a counter, or how often a timer was used. */
  public long counted(String name) {
    return counts.getOrDefault(name, 0L);
  }

  /** The value of a gauge; zero if there is none any more. */
  public double value(String name) {
    DoubleSupplier gauge = gauges.get(name);
    return gauge == null ? 0 : gauge.getAsDouble();
  }
}
