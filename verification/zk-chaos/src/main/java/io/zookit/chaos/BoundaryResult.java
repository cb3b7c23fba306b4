package io.zookit.chaos;

import java.util.List;

/**
 * What came of a use whose connection broke.
 *
 * @param boundary where it was to break
 * @param landed whether it did
 * @param end what the use ended with; empty when it succeeded
 * @param endMillis how long it took
 * @param left what was left of it two seconds after the connection was back
 * @param next what the next use ended with, by another; empty when it succeeded and left nothing
 * @param effects what is wrong with what is to stay; empty when nothing is
 */
record BoundaryResult(
    Boundary boundary,
    boolean landed,
    String end,
    long endMillis,
    List<String> left,
    String next,
    String effects) {

  /** Before the words of a failure that the use's contract knows. */
  static final String MAY_FAIL = "may fail: ";

  /** Whether the use ended in one of the ways it may end in, in time. */
  boolean endedWell() {
    return end.isEmpty() || end.startsWith(MAY_FAIL);
  }

  @Override
  public String toString() {
    return boundary + (landed ? " landed" : " did not land") + ", " + endMillis + " ms"
        + (end.isEmpty() ? "" : ", " + end);
  }
}
