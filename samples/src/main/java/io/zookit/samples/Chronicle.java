package io.zookit.samples;

import io.zookit.core.Timekeeper;
import io.zookit.samples.process.Event;
import io.zookit.samples.process.Event.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Everything that the processes told, in the order in which it was heard, with the time by this process's clock. Every
 * figure of the demo but those of the database is counted here.
 */
final class Chronicle {

  /** What one process told. */
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

  /** The first that was told of a kind. */
  Optional<Entry> first(Kind kind, Predicate<Entry> filter) {
    return all(kind).filter(filter).findFirst();
  }

  /** How many there are of a kind. */
  long count(Kind kind) {
    return all(kind).count();
  }
}
