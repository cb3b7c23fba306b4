package io.zookit.registry.balance;

import java.util.Map;

/** One that may be chosen, as far as a rule needs to know it. */
public interface Candidate {

  /** Different for each. */
  String id();

  /** Returns the share of calls it takes relative to the others, 1 or more. */
  int weight();

  /** 0 comes first. */
  int priority();

  /** Returns the zone it is in, or an empty string. */
  String zone();

  /** Returns the version it runs, or an empty string. */
  String version();

  /** Returns the tags it was registered with. */
  Map<String, String> tags();

  /** Returns the statistics that this process keeps of it. */
  CallStats stats();

  /** One with nothing special about it. */
  static Candidate of(String id, int weight, CallStats stats) {
    return new PlainCandidate(id, weight, 0, "", "", Map.of(), stats);
  }
}
