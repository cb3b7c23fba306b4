package io.zookit.core.internal.lane;

import io.zookit.core.Meters;
import io.zookit.core.Subscription;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The user's meters, called in the middle of things that must not fail with them. */
public final class GuardedMeters implements Meters {

  private static final Logger log = LoggerFactory.getLogger(GuardedMeters.class);

  private final Meters meters;

  public GuardedMeters(Meters meters) {
    this.meters = meters;
  }

  @Override
  public void count(String name, long amount) {
    try {
      meters.count(name, amount);
    } catch (RuntimeException e) {
      dropped(name, e);
    }
  }

  @Override
  public void time(String name, long nanos) {
    try {
      meters.time(name, nanos);
    } catch (RuntimeException e) {
      dropped(name, e);
    }
  }

  @Override
  public Subscription gauge(String name, DoubleSupplier value) {
    try {
      return meters.gauge(name, value);
    } catch (RuntimeException e) {
      dropped(name, e);
      return () -> {};
    }
  }

  private static void dropped(String name, RuntimeException failure) {
    log.warn("{}: the meters failed, a measurement is dropped", name, failure);
  }
}
