package io.zookit.registry.balance;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Candidates split into some groups, and where in 0 to 1 each ends. Immutable. */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Groups(Candidates[] groups, double[] ends) {

  /** A group is worth so many instances more than it has: up to then nothing is given away. */
  static final double SPARE = 1.4;

  /** The group of a number of 0 to less than 1, or the last that has somebody. */
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

  /** How much of what is known of a group may be chosen, with something to spare: 0 to 1. */
  static double health(Candidates candidates, Candidates group, Predicate<Candidate> condition) {
    long known = candidates.known().stream().filter(condition).count();
    return known == 0 ? 0 : Math.min(1, SPARE * group.size() / known);
  }
}
