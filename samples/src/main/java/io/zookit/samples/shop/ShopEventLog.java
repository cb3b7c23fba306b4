package io.zookit.samples.shop;

import io.zookit.core.Timekeeper;
import io.zookit.samples.shop.process.ShopEvent;
import io.zookit.samples.shop.process.ShopEvent.Kind;
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
public final class ShopEventLog {

  /** An event reported by one process. */
  public record ReportedEvent(Duration at, String who, ShopEvent event) {

    /** Returns whether it is of a kind. */
    public boolean is(Kind kind) {
      return event.is(kind);
    }

    /** Returns whether a process reported it. */
    public boolean isBy(String name) {
      return who.equals(name);
    }

    /** Returns a fact; an empty string if it was not reported. */
    public String fact(String name) {
      return event.fact(name);
    }
  }

  private final Timekeeper timekeeper;
  private final long start;
  private final List<ReportedEvent> entries = new CopyOnWriteArrayList<>();

  /** Creates an empty log whose time begins now. */
  public ShopEventLog(Timekeeper timekeeper) {
    this.timekeeper = timekeeper;
    this.start = timekeeper.nanos();
  }

  /** Returns the time since the start. */
  public Duration now() {
    return Duration.ofNanos(timekeeper.nanos() - start);
  }

  /** Adds an event that a process reported. */
  public void add(String who, ShopEvent event) {
    entries.add(new ReportedEvent(now(), who, event));
  }

  /** Returns all events so far. */
  public List<ReportedEvent> entries() {
    return List.copyOf(entries);
  }

  /** Returns all events of a kind so far. */
  public Stream<ReportedEvent> all(Kind kind) {
    return entries.stream().filter(entry -> entry.is(kind));
  }

  /** Returns the first reported event of a kind that passes the filter. */
  public Optional<ReportedEvent> first(Kind kind, Predicate<ReportedEvent> filter) {
    return all(kind).filter(filter).findFirst();
  }

  /** Returns the number of events of a kind. */
  public long count(Kind kind) {
    return all(kind).count();
  }
}
