package io.zookit.chaos.experiment;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The faults of a run, in order. Used by the thread that causes them. */
public final class FaultTimeline {

  private final List<InjectedFault> incidents = new ArrayList<>();

  public void add(InjectedFault incident) {
    incidents.add(incident);
  }

  public List<InjectedFault> incidents() {
    return List.copyOf(incidents);
  }

  public long landed() {
    return incidents.stream().filter(InjectedFault::landed).count();
  }

  /** Landed faults of each kind. */
  public Map<String, Long> kinds() {
    Map<String, Long> kinds = new TreeMap<>();
    incidents.stream()
        .filter(InjectedFault::landed)
        .forEach(each -> kinds.merge(each.kind(), 1L, Long::sum));
    return kinds;
  }

  /** Returns the number of incidents after which work did not resume within a bound. */
  public long slower(Duration bound) {
    return incidents.stream()
        .filter(each -> each.backAfterMillis() < 0 || each.backAfterMillis() > bound.toMillis())
        .count();
  }

  /** Returns a quantile of the times until work resumed, in milliseconds; 1 is the maximum. */
  public long backAfter(double quantile) {
    List<Long> sorted = incidents.stream()
        .filter(each -> each.landed() && each.backAfterMillis() >= 0)
        .map(InjectedFault::backAfterMillis)
        .sorted()
        .toList();
    int index = (int) Math.ceil(quantile * sorted.size()) - 1;
    return sorted.isEmpty() ? 0 : sorted.get(Math.max(0, index));
  }
}
