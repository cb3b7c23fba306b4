package io.zookit.lock;

import io.zookit.core.Meters;
import io.zookit.core.Subscription;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** What a simulated process measures. */
final class SimulatedMeters implements Meters {

  private final Map<String, DoubleSupplier> gauges = new LinkedHashMap<>();

  @Override
  public void count(String name, long amount) {}

  @Override
  public void time(String name, long nanos) {}

  @Override
  public Subscription gauge(String name, DoubleSupplier value) {
    gauges.put(name, value);
    return () -> gauges.remove(name);
  }

  /** The value of a gauge; zero when there is none any more. */
  double value(String name) {
    DoubleSupplier gauge = gauges.get(name);
    return gauge == null ? 0 : gauge.getAsDouble();
  }
}
