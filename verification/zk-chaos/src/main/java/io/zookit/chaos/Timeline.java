package io.zookit.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The faults of a run, in order. Used by the thread that causes them. */
final class Timeline {

  private final List<Incident> incidents = new ArrayList<>();

  void add(Incident incident) {
    incidents.add(incident);
  }

  List<Incident> incidents() {
    return List.copyOf(incidents);
  }

  long landed() {
    return incidents.stream().filter(Incident::landed).count();
  }

  /** Landed faults of each kind. */
  Map<String, Long> kinds() {
    Map<String, Long> kinds = new TreeMap<>();
    incidents.stream()
        .filter(Incident::landed)
        .forEach(each -> kinds.merge(each.kind(), 1L, Long::sum));
    return kinds;
  }

  /** Returns the number of incidents after which work did not resume within a bound. */
  long slower(Duration bound) {
    return incidents.stream()
        .filter(each -> each.backAfterMillis() < 0 || each.backAfterMillis() > bound.toMillis())
        .count();
  }

  /** Returns a quantile of the times until work resumed, in milliseconds; 1 is the maximum. */
  long backAfter(double quantile) {
    List<Long> sorted = incidents.stream()
        .filter(each -> each.landed() && each.backAfterMillis() >= 0)
        .map(Incident::backAfterMillis)
        .sorted()
        .toList();
    int index = (int) Math.ceil(quantile * sorted.size()) - 1;
    return sorted.isEmpty() ? 0 : sorted.get(Math.max(0, index));
  }
}
