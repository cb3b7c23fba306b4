package io.zookit.rules;

import java.util.Comparator;

/**
 * One breach of a rule.
 *
 * @param where the type, package or method
 * @param what how it breaks the rule; lines after the first are detail
 */
record Finding(String where, String what) implements Comparable<Finding> {

  @Override
  public int compareTo(Finding other) {
    return Comparator.comparing(Finding::where).thenComparing(Finding::what).compare(this, other);
  }

  /** The finding without its detail. */
  String headline() {
    return where + ": " + what.lines().findFirst().orElse("");
  }

  @Override
  public String toString() {
    return where + ": " + what;
  }
}
