package io.zookit.registry.balance;

import java.util.Map;

/** One that may be chosen, as far as a rule needs to know it. */
public interface Candidate {

  /** Different for each. */
  String id();

  /** What it takes compared with the others, 1 or more. */
  int weight();

  /** 0 comes first. */
  int priority();

  /** Where it is, or empty. */
  String zone();

  /** What it runs, or empty. */
  String version();

  /** What else it says of itself. */
  Map<String, String> tags();

  /** What this process measured of it. */
  CallStats stats();

  /** One with nothing special about it. */
  static Candidate of(String id, int weight, CallStats stats) {
    return new PlainCandidate(id, weight, 0, "", "", Map.of(), stats);
  }
}
