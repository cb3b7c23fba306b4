package io.zookit.spring.config;

import io.zookit.core.Meters;
import io.zookit.core.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * Meters of a client that exists before the application's. Gauges move to those when they are attached; what was counted and
 * timed before is dropped.
 */
final class LateMeters implements Meters {

  /** A gauge, and its registration with the attached meters. */
  private static final class LateGauge implements Subscription {
    private final LateMeters meters;
    private final String name;
    private final DoubleSupplier value;
    private Subscription shown;

    LateGauge(LateMeters meters, String name, DoubleSupplier value) {
      this.meters = meters;
      this.name = name;
      this.value = value;
      this.shown = meters.target.gauge(name, value);
    }

    @Override
    public void close() {
      synchronized (meters.gauges) {
        meters.gauges.remove(this);
        shown.close();
      }
    }
  }

  private final List<LateGauge> gauges = new ArrayList<>();
  private volatile Meters target = Meters.none();

  /** Sends everything to other meters from now on. */
  void attach(Meters meters) {
    synchronized (gauges) {
      target = meters;
      for (LateGauge gauge : gauges) {
        gauge.shown.close();
        gauge.shown = meters.gauge(gauge.name, gauge.value);
      }
    }
  }

  @Override
  public void count(String name, long amount) {
    target.count(name, amount);
  }

  @Override
  public void time(String name, long nanos) {
    target.time(name, nanos);
  }

  @Override
  public Subscription gauge(String name, DoubleSupplier value) {
    synchronized (gauges) {
      LateGauge gauge = new LateGauge(this, name, value);
      gauges.add(gauge);
      return gauge;
    }
  }
}
