package io.zookit.chaos.boundary;

import java.util.List;

/**
 * Result of a use whose connection broke.
 *
 * @param boundary where the connection was to break
 * @param landed whether it broke there
 * @param end the failure of the use; empty if it succeeded
 * @param endMillis duration of the use in milliseconds
 * @param left nodes of the use that were left two seconds after the connection was back
 * @param next the failure of the next use, by another client; empty if it succeeded and left nothing
 * @param effects violation found in the persistent effects; empty if none
 */
record TrialResult(
    CutPoint boundary,
    boolean landed,
    String end,
    long endMillis,
    List<String> left,
    String next,
    String effects) {

  /** Before the words of a failure that the use's contract knows. */
  static final String MAY_FAIL = "may fail: ";

  /** Returns whether the use ended in time and in one of the acceptable ways. */
  boolean endedWell() {
    return end.isEmpty() || end.startsWith(MAY_FAIL);
  }

  @Override
  public String toString() {
    return boundary + (landed ? " landed" : " did not land") + ", " + endMillis + " ms"
        + (end.isEmpty() ? "" : ", " + end);
  }
}
