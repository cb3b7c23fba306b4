package io.zookit.registry.internal.selection;

import io.zookit.registry.InstanceReport;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Recent events of the instances of one service, as far as this process observed them. */
public final class ServiceEventLog {

  public static final int REMEMBERED = 512;

  private record LoggedEvent(String id, InstanceReport.Event event) {}

  private final Deque<LoggedEvent> lines = new ArrayDeque<>();

  /** The last of these push out what was before. */
  public void addAll(Instant at, List<InstanceChange> changes) {
    changes
        .subList(Math.max(0, changes.size() - REMEMBERED), changes.size())
        .forEach(change -> add(at, change.id(), change.describe()));
  }

  public synchronized void add(Instant at, String id, String what) {
    if (lines.size() == REMEMBERED) {
      lines.removeFirst();
    }
    lines.addLast(new LoggedEvent(id, new InstanceReport.Event(at, what)));
  }

  public synchronized List<InstanceReport.Event> of(String id) {
    return lines.stream()
        .filter(line -> line.id.equals(id))
        .map(LoggedEvent::event)
        .toList();
  }
}
