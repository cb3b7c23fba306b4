package io.zookit.registry.internal.catalog;

import io.zookit.core.internal.lane.LiveCell;
import io.zookit.registry.ServiceSummary;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The open values of the overview, and what was published to all of them last.
 *
 * <p><i>Threads:</i> used on the loop.
 */
final class OverviewValues {

  private final Set<LiveCell<List<ServiceSummary>>> cells = new LinkedHashSet<>();
  private @Nullable List<ServiceSummary> published;
  private @Nullable Long staleSince;

  boolean isEmpty() {
    return cells.isEmpty();
  }

  /** Tells if anything was published. */
  boolean isPublished() {
    return published != null;
  }

  /** Adds a value, which shows what was published last; tells if it is the only one. */
  boolean add(LiveCell<List<ServiceSummary>> cell) {
    cells.add(cell);
    if (published != null) {
      cell.set(published);
      if (staleSince != null) {
        cell.toStale(staleSince);
      }
    }
    return cells.size() == 1;
  }

  /** Removes a value; tells if it was the last one. What was published is forgotten with that. */
  boolean remove(LiveCell<List<ServiceSummary>> cell) {
    boolean wasLast = cells.remove(cell) && cells.isEmpty();
    if (wasLast) {
      published = null;
      staleSince = null;
    }
    return wasLast;
  }

  /** Publishes what is current now. */
  void publish(List<ServiceSummary> next) {
    boolean isChange = !next.equals(published);
    published = next;
    staleSince = null;
    if (isChange) {
      cells.forEach(cell -> cell.set(next));
    } else {
      cells.forEach(LiveCell::toLive);
    }
  }

  /** Marks the values as possibly out of date from now on. */
  void toStale(long nanos) {
    if (staleSince == null && published != null) {
      staleSince = nanos;
      cells.forEach(cell -> cell.toStale(nanos));
    }
  }

  /** Closes all values. */
  void close() {
    List.copyOf(cells).forEach(LiveCell::close);
  }
}
