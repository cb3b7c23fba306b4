package io.zookit.chaos.experiment;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Lines of all clients in order of arrival: their number by kind, and the lines that preceded each violation.
 * Thread-safe.
 */
public final class EventLog {

  private static final int EXCERPT = 12;
  private static final int MOST_FINDINGS = 5;

  private final Deque<String> recent = new ArrayDeque<>();
  private final Map<String, Long> counts = new TreeMap<>();
  private final List<String> findings = new ArrayList<>();
  private long found;

  /** Counts a line under its kind. */
  public synchronized void add(String kind, String life, String line) {
    counts.merge(kind, 1L, Long::sum);
    recent.add(life + ": " + line);
    if (recent.size() > EXCERPT) {
      recent.remove();
    }
  }

  /** Records a violation, with the latest lines as an excerpt. */
  public synchronized void find(String what) {
    found++;
    if (findings.size() < MOST_FINDINGS) {
      findings.add(what + ":\n" + String.join("\n", recent));
    }
  }

  public synchronized long count(String kind) {
    return counts.getOrDefault(kind, 0L);
  }

  /** Returns the number of violations. */
  public synchronized long found() {
    return found;
  }

  /** The first of them, each with the lines before it. */
  public synchronized List<String> findings() {
    return List.copyOf(findings);
  }
}
