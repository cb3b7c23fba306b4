package io.zookit.testkit;

import io.zookit.testkit.internal.proxy.ArmedFault;
import java.time.Duration;

/**
 * A fault that waits for its request at a {@link FaultProxy}, and tells whether it has met it.
 *
 * <p>A test whose fault has not landed has shown nothing: assert {@link #landed}.
 */
public final class Fault {

  private final ArmedFault armed;
  private final Runnable disarm;

  Fault(ArmedFault armed, Runnable disarm) {
    this.armed = armed;
    this.disarm = disarm;
  }

  /** Returns whether it has happened: the connection is cut or silent, or is about to be. */
  public boolean landed() {
    return armed.landed();
  }

  /** Waits until it has happened; false when it has not in time. */
  public boolean await(Duration atMost) throws InterruptedException {
    return armed.await(atMost);
  }

  /** Takes it back, if it has not met its request yet. */
  public void disarm() {
    disarm.run();
  }

  @Override
  public String toString() {
    return armed.toString();
  }
}
