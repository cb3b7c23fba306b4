package io.zookit.chaos.boundary;

import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import java.util.Locale;

/**
 * A request at which the connection breaks.
 *
 * @param use of what it is one
 * @param op its kind
 * @param nth which one of this kind, from 1
 * @param cut how the connection breaks
 */
record CutPoint(Use use, Op op, int nth, Cut cut) {

  /**
   * Use of a recipe; the first one under a root creates the parent nodes.
   *
   * @param recipe the recipe that is used
   * @param first whether this is the first use
   */
  record Use(Recipe recipe, boolean first) {
    @Override
    public String toString() {
      return (first ? "first " : "") + recipe;
    }
  }

  /** Ways in which a connection breaks. */
  enum Cut {
    /** The request does not reach the server. */
    BEFORE,
    /** The answer is swallowed. */
    AFTER,
    /** Nothing passes any more. */
    BLACK_HOLE;

    private Fault arm(FaultProxy proxy, Op op, int nth) {
      return switch (this) {
        case BEFORE -> proxy.cutBefore(op, nth);
        case AFTER -> proxy.cutAfter(op, nth);
        case BLACK_HOLE -> proxy.blackHole(op, nth);
      };
    }

    @Override
    public String toString() {
      return (this == BLACK_HOLE ? "" : "cut ")
          + name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /** Lets the fault wait for its request, from now on. */
  Fault arm(FaultProxy proxy) {
    return cut.arm(proxy, op, nth);
  }

  @Override
  public String toString() {
    return use + ", " + cut + " " + op + " " + nth;
  }
}
