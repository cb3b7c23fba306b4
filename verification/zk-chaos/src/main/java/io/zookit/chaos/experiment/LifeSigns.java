package io.zookit.chaos.experiment;

import io.zookit.core.Timekeeper;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Time of the latest sign of life of each of many participants. Thread-safe. */
public final class LifeSigns {

  private final Map<String, Long> newest = new ConcurrentSkipListMap<>();

  public void onSignOfLife(String who) {
    newest.put(who, Timekeeper.system().nanos());
  }

  /** Returns those without a sign of life since a moment of the monotonic clock, or without any. */
  public List<String> silentSince(long nanos, Collection<String> all) {
    Map<String, Long> now = new TreeMap<>(newest);
    return all.stream()
        .filter(each -> !now.containsKey(each) || now.getOrDefault(each, 0L) - nanos <= 0)
        .toList();
  }
}
