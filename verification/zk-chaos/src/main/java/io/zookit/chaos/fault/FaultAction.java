package io.zookit.chaos.fault;

import java.util.Random;

/** One kind of fault: causes it, holds it for a while, and ends it. */
public interface FaultAction {

  /**
   * Result of a fault.
   *
   * @param target the client or server that was hit
   * @param landed whether the hit is proven
   */
  record Hit(String target, boolean landed) {}

  /** Action that causes a fault. */
  interface Cause {
    Hit cause(Random random) throws InterruptedException;
  }

  /** Something that is done under a name. */
  static FaultAction named(String kind, Cause cause) {
    return new FaultAction() {
      @Override
      public String kind() {
        return kind;
      }

      @Override
      public Hit cause(Random random) throws InterruptedException {
        return cause.cause(random);
      }
    };
  }

  String kind();

  /** Returns when the fault is over; what it has broken may need a while longer. */
  Hit cause(Random random) throws InterruptedException;
}
