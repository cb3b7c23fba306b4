package io.zookit.registry.balance;

import java.util.Map;

/** A candidate that is nothing else. */
record PlainCandidate(
    String id,
    int weight,
    int priority,
    String zone,
    String version,
    Map<String, String> tags,
    CallStats stats)
    implements Candidate {

  PlainCandidate {
    if (weight < 1) {
      throw new IllegalArgumentException("weight: " + weight + " (expected: 1 or more)");
    }
    if (priority < 0) {
      throw new IllegalArgumentException("priority: " + priority + " (expected: 0 or more)");
    }
    tags = Map.copyOf(tags);
  }
}
