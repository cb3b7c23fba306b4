package io.zookit.registry.balance;

import java.util.Arrays;
import java.util.List;

/**
 * The group of the smallest priority takes everything while enough of it is left; what it cannot take goes to the next
 * (as Envoy's priority levels).
 */
final class PriorityFailover implements Balancer {

  private static final long SALT = 1;

  private final Balancer inner;

  PriorityFailover(Balancer inner) {
    this.inner = inner;
  }

  @Override
  public int choose(Candidates candidates, long key) {
    Groups groups = candidates.derived(this, PriorityFailover::split);
    Candidates group = groups.at(KeyHash.share(KeyHash.mix(key, SALT)));
    return group.origin(inner.choose(group, key));
  }

  private static Groups split(Candidates candidates) {
    List<Integer> priorities =
        candidates.known().stream().map(Candidate::priority).distinct().sorted().toList();
    Candidates[] groups = new Candidates[priorities.size()];
    double[] ends = new double[groups.length];
    double taken = 0;
    for (int i = 0; i < groups.length; i++) {
      int priority = priorities.get(i);
      groups[i] = Groups.admitted(candidates, each -> each.priority() == priority);
      double health = Groups.health(candidates, groups[i], each -> each.priority() == priority);
      taken += Math.min(1 - taken, health);
      ends[i] = taken;
    }
    scale(ends, taken);
    return new Groups(groups, ends);
  }

  /** Scales the shares up to 1 if all groups together cannot take all calls. */
  private static void scale(double[] ends, double taken) {
    if (taken > 0) {
      Arrays.setAll(ends, i -> ends[i] / taken);
    }
  }

  @Override
  public String describe(Candidates candidates, int index, long key) {
    String more = inner.describe(candidates, index, key);
    return "priority " + candidates.get(index).priority() + (more.isEmpty() ? "" : ", " + more);
  }

  @Override
  public boolean usesWeights() {
    return inner.usesWeights();
  }

  @Override
  public String toString() {
    return inner + " by priority";
  }
}
