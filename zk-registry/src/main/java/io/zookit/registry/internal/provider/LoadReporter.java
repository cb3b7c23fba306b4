package io.zookit.registry.internal.provider;

import io.zookit.core.internal.lane.SerialLane;
import io.zookit.registry.health.HealthOptions;
import io.zookit.registry.internal.runtime.RegistryRuntime;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports the load of an instance: the last value returned by the user's function, which is called on a lane. Confined to
 * the loop.
 */
final class LoadReporter {

  private static final Logger log = LoggerFactory.getLogger(LoadReporter.class);

  private final RegistryRuntime runtime;
  private final Optional<DoubleSupplier> source;
  private final String who;
  private final SerialLane lane;
  private double last;
  private boolean asking;

  // On the lane.
  private boolean failing;

  LoadReporter(RegistryRuntime runtime, HealthOptions health, String who) {
    this.runtime = runtime;
    this.source = health.load();
    this.who = who;
    this.lane = runtime.client().lane("load of " + who);
  }

  /** From 0 to 1; 0 before anything was said. */
  double last() {
    return last;
  }

  /**
   * Asks.
   *
   * @param then runs when it is answered; at once, with the last value, when there is nothing to ask or the time before is
   *     not answered yet
   */
  void query(Runnable then) {
    if (source.isEmpty() || asking) {
      then.run();
      return;
    }
    asking = true;
    lane.execute(() -> {
      Optional<Double> said = said(source.get());
      runtime.client().loop().execute(() -> {
        asking = false;
        last = said.orElse(last);
        then.run();
      });
    });
  }

  private Optional<Double> said(DoubleSupplier function) {
    try {
      double load = function.getAsDouble();
      failing = false;
      return Optional.of(Double.isFinite(load) ? Math.max(0, Math.min(load, 1)) : 0);
    } catch (Throwable e) { // also checked ones, which other JVM languages throw from anywhere
      if (!failing) {
        log.warn("{}: does not say how busy it is, the last value stays", who, e);
      }
      failing = true;
      return Optional.empty();
    }
  }
}
