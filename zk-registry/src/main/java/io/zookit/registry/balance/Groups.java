package io.zookit.registry.balance;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Candidates split into some groups, and where in 0 to 1 each ends. Immutable. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Groups(Candidates[] groups, double[] ends) {

  /** Overprovisioning factor: a group keeps all its calls while at least 1 / 1.4 of its known members may be chosen. */
  static final double SPARE = 1.4;

  /**
   * Returns the group that a number from 0 to less than 1 falls into, or the next one that is not empty; if none follows,
   * the last one that is not empty.
   */
  Candidates at(double number) {
    Candidates last = groups[0];
    for (int i = 0; i < groups.length; i++) {
      if (groups[i].size() > 0) {
        last = groups[i];
        if (number < ends[i]) {
          return last;
        }
      }
    }
    return last;
  }

  /** The share of the calls of a group. */
  double share(int group) {
    return ends[group] - (group == 0 ? 0 : ends[group - 1]);
  }

  /** Those that a condition admits. */
  static Candidates admitted(Candidates candidates, Predicate<Candidate> condition) {
    List<Integer> indices = new ArrayList<>();
    for (int i = 0; i < candidates.size(); i++) {
      if (condition.test(candidates.get(i))) {
        indices.add(i);
      }
    }
    return candidates.only(
        indices, candidates.known().stream().filter(condition).toList());
  }

  /** Returns the share of the known members of a group that may be chosen, times {@link #SPARE} and at most 1. */
  static double health(Candidates candidates, Candidates group, Predicate<Candidate> condition) {
    long known = candidates.known().stream().filter(condition).count();
    return known == 0 ? 0 : Math.min(1, SPARE * group.size() / known);
  }
}
