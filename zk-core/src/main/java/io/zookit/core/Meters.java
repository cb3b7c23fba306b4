package io.zookit.core;

import java.util.function.DoubleSupplier;

/**
 * A sink for measurements: counters, timers and gauges with dotted names such as {@code zookit.lock.held}.
 *
 * <p>Names are fixed and never contain a lock, service or session. {@code io.zookit.core.metrics} binds this to
 * Micrometer; {@link #none()} drops everything.
 *
 * <p><i>Threads:</i> any; implementations must not block. What one throws is logged and dropped.
 */
public interface Meters {

  /** Adds to a counter that only rises. */
  void count(String name, long amount);

  /** Records one duration, in nanoseconds. */
  void time(String name, long nanos);

  /** Shows a value for as long as the subscription is open; gauges of one name add up. */
  Subscription gauge(String name, DoubleSupplier value);

  /** Drops everything. */
  static Meters none() {
    return NoMeters.INSTANCE;
  }
}
