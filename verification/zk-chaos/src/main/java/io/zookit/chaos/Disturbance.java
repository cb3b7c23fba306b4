package io.zookit.chaos;

import java.util.Random;

/** One kind of fault: causes it, holds it for a while, and ends it. */
interface Disturbance {

  /**
   * What became of it.
   *
   * @param target who was hit
   * @param landed whether that is proven
   */
  record Hit(String target, boolean landed) {}

  /** What is done. */
  interface Cause {
    Hit cause(Random random) throws InterruptedException;
  }

  /** Something that is done under a name. */
  static Disturbance named(String kind, Cause cause) {
    return new Disturbance() {
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
