package io.zookit.registry;

import io.zookit.registry.balance.CallStats;
import io.zookit.registry.balance.Candidate;

/**
 * An instance of a view with what is known of it here.
 *
 * @param name the name of its node
 * @param weight what counts, its own or the operators'
 * @param onProbation whether it was ejected and is tried again
 */
record Member(
    ServiceInstance instance, String name, int weight, CallStats stats, boolean onProbation) {

  private static final String PRIORITY = "priority";
  private static final int MOST_DIGITS = 4;

  /** The instance with the weight that counts. */
  ServiceInstance weighed() {
    return weight == instance.weight() ? instance : instance.withWeight(weight);
  }

  /** How a rule sees it. */
  Candidate candidate() {
    return new Candidate(
        instance.id(),
        Math.max(1, weight),
        priority(),
        instance.zoneOrEmpty(),
        instance.versionOrEmpty(),
        instance.metadata(),
        stats);
  }

  private int priority() {
    String text = instance.metadata().getOrDefault(PRIORITY, "0");
    boolean number = !text.isEmpty()
        && text.length() <= MOST_DIGITS
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? Integer.parseInt(text) : 0;
  }
}
