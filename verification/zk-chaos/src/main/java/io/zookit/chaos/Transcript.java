package io.zookit.chaos;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The lines of all clients in the order in which they were heard: how many there were of each kind, and what went before
 * those that must not be. Thread-safe.
 */
final class Transcript {

  private static final int EXCERPT = 12;
  private static final int MOST_FINDINGS = 5;

  private final Deque<String> recent = new ArrayDeque<>();
  private final Map<String, Long> counts = new TreeMap<>();
  private final List<String> findings = new ArrayList<>();
  private long found;

  /** Counts a line under its kind. */
  synchronized void add(String kind, String life, String line) {
    counts.merge(kind, 1L, Long::sum);
    recent.add(life + ": " + line);
    if (recent.size() > EXCERPT) {
      recent.remove();
    }
  }

  /** Keeps what was just heard as an excerpt: it must not be. */
  synchronized void find(String what) {
    found++;
    if (findings.size() < MOST_FINDINGS) {
      findings.add(what + ":\n" + String.join("\n", recent));
    }
  }

  synchronized long count(String kind) {
    return counts.getOrDefault(kind, 0L);
  }

  /** How often something was found that must not be. */
  synchronized long found() {
    return found;
  }

  /** The first of them, each with the lines before it. */
  synchronized List<String> findings() {
    return List.copyOf(findings);
  }
}
