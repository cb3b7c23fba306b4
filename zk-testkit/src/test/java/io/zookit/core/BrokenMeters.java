package io.zookit.core;

import java.util.function.DoubleSupplier;

/** Meters that always throw. */
final class BrokenMeters implements Meters {

  @Override
  public void count(String name, long amount) {
    throw new IllegalStateException("meters, on purpose");
  }

  @Override
  public void time(String name, long nanos) {
    throw new IllegalStateException("meters, on purpose");
  }

  @Override
  public Subscription gauge(String name, DoubleSupplier value) {
    throw new IllegalStateException("meters, on purpose");
  }
}
