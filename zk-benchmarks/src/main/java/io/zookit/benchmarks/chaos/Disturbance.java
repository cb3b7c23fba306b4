package io.zookit.benchmarks.chaos;

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

  String kind();

  /** Returns when the fault is over; what it has broken may need a while longer. */
  Hit cause(Arena arena, Random random) throws InterruptedException;
}
