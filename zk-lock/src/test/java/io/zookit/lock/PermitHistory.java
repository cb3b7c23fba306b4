package io.zookit.lock;

import io.zookit.core.Timekeeper;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The history of permits in use. A mutex is one permit; a read-write lock has as many as readers are possible, and a
 * writer takes all.
 */
final class PermitHistory {

  /** Permits that are in use from the beginning of this hold to its end. */
  final class Hold {
    private final String who;
    private final int weight;
    private long begin = Long.MAX_VALUE;
    private long end = Long.MAX_VALUE;

    private Hold(String who, int weight) {
      this.who = who;
      this.weight = weight;
    }

    void begin() {
      synchronized (holds) {
        begin = clock.nanos();
        holds.add(this);
      }
    }

    void end() {
      synchronized (holds) {
        end = Math.min(end, clock.nanos());
      }
    }

    @Override
    public String toString() {
      return who + " has " + weight + " from " + begin + " to " + end;
    }
  }

  private record Change(long at, int permits, Hold hold) {}

  private final Timekeeper clock = Timekeeper.system();
  private final int most;
  private final List<Hold> holds = new ArrayList<>();

  PermitHistory(int most) {
    this.most = most;
  }

  Hold of(String who, int weight) {
    return new Hold(who, weight);
  }

  int size() {
    synchronized (holds) {
      return holds.size();
    }
  }

  /** The first moment at which more were in use than there are. */
  Optional<String> overdrawn() {
    List<Change> changes = new ArrayList<>();
    synchronized (holds) {
      for (Hold hold : holds) {
        changes.add(new Change(hold.begin, hold.weight, hold));
        changes.add(new Change(hold.end, -hold.weight, hold));
      }
    }
    changes.sort(Comparator.comparingLong(Change::at).thenComparingInt(Change::permits));
    int used = 0;
    List<Hold> open = new ArrayList<>();
    for (Change change : changes) {
      used += change.permits;
      if (change.permits > 0) {
        open.add(change.hold);
      } else {
        open.remove(change.hold);
      }
      if (used > most) {
        return Optional.of(used + " of " + most + ": " + open);
      }
    }
    return Optional.empty();
  }
}
