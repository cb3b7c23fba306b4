package io.zookit.testkit.internal.host;

import java.util.List;

/** Closing several things, all of them, whatever goes wrong with one. */
public final class Closing {

  private Closing() {}

  /** Closes in the order given; throws the first failure with the others attached. */
  public static void all(List<? extends AutoCloseable> things) {
    RuntimeException failure = null;
    for (AutoCloseable each : things) {
      try {
        each.close();
      } catch (Exception e) {
        if (failure == null) {
          failure = new IllegalStateException("not everything was closed", e);
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
