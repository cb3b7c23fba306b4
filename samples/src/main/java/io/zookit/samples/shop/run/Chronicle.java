package io.zookit.samples.shop.run;

import io.zookit.core.Timekeeper;
import io.zookit.samples.shop.process.Event;
import io.zookit.samples.shop.process.Event.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Events reported by the processes, in order of arrival, timestamped by the clock of this process. All figures of the
 * demo except those of the database are counted here.
 */
final class Chronicle {

  /** An event reported by one process. */
  record Entry(Duration at, String who, Event event) {

    boolean is(Kind kind) {
      return event.is(kind);
    }

    boolean isBy(String name) {
      return who.equals(name);
    }

    String fact(String name) {
      return event.fact(name);
    }
  }

  private final Timekeeper timekeeper;
  private final long start;
  private final List<Entry> entries = new CopyOnWriteArrayList<>();

  Chronicle(Timekeeper timekeeper) {
    this.timekeeper = timekeeper;
    this.start = timekeeper.nanos();
  }

  /** The time since the start. */
  Duration now() {
    return Duration.ofNanos(timekeeper.nanos() - start);
  }

  void add(String who, Event event) {
    entries.add(new Entry(now(), who, event));
  }

  /** Everything so far. */
  List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** Everything of a kind so far. */
  Stream<Entry> all(Kind kind) {
    return entries.stream().filter(entry -> entry.is(kind));
  }

  /** Returns the first reported event of a kind that passes the filter. */
  Optional<Entry> first(Kind kind, Predicate<Entry> filter) {
    return all(kind).filter(filter).findFirst();
  }

  /** Returns the number of events of a kind. */
  long count(Kind kind) {
    return all(kind).count();
  }
}
