package io.zookit.registry.balance;

import java.util.Map;

/**
 * One that may be chosen, as far as a rule needs to know it.
 *
 * @param id different for each
 * @param weight 1 or more
 * @param priority 0 comes first
 * @param zone where it is, or empty
 * @param version what it runs, or empty
 * @param tags what else it says of itself
 * @param stats what this process measured of it
 */
public record Candidate(
    String id,
    int weight,
    int priority,
    String zone,
    String version,
    Map<String, String> tags,
    CallStats stats) {

  /** Checks the numbers. */
  public Candidate {
    if (weight < 1) {
      throw new IllegalArgumentException("weight: " + weight + " (expected: 1 or more)");
    }
    if (priority < 0) {
      throw new IllegalArgumentException("priority: " + priority + " (expected: 0 or more)");
    }
    tags = Map.copyOf(tags);
  }

  /** One with nothing special about it. */
  public static Candidate of(String id, int weight, CallStats stats) {
    return new Candidate(id, weight, 0, "", "", Map.of(), stats);
  }
}
