package io.zookit.testkit;

import io.zookit.core.FencingToken;
import io.zookit.core.Timekeeper;
import io.zookit.testkit.internal.history.CounterCheck;
import io.zookit.testkit.internal.history.HistoryEvent;
import io.zookit.testkit.internal.history.HistoryEvent.Kind;
import io.zookit.testkit.internal.history.HoldCheck;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Calls of several clients and their results, in order, with checks whether a lock or a fenced counter may behave so.
 *
 * <p>A client is a name that does one thing at a time: give each thread of a process its own. Record an invocation
 * before the call and its outcome after it, a grant after {@code acquire} has returned, a release <i>before</i> calling
 * {@code release}: then what is recorded as held was held, and no violation is reported that did not happen. A lock
 * and the counter that it protects need two names.
 *
 * <p>Processes of one machine share its monotonic clock. A child records into a history that prints, its parent adds
 * the lines:
 *
 * <pre>{@code
 * RecordedHistory inChild = new RecordedHistory(System.out::println);
 * ChildJvm child = ChildJvm.of(Worker.class).onLine(history::add).start();
 * }</pre>
 *
 * <p><i>Threads:</i> all methods may be called from any thread.
 */
public final class RecordedHistory {

  private final Timekeeper clock;
  private final Consumer<String> lines;
  private final List<HistoryEvent> events = new ArrayList<>();

  /** A history on the clock of this machine. */
  public RecordedHistory() {
    this(Timekeeper.system());
  }

  /** A history on a clock of the test's. */
  public RecordedHistory(Timekeeper clock) {
    this.clock = clock;
    this.lines = line -> {};
  }

  /** A history that also gives out each event as a line that another history can {@link #add}, in order. */
  public RecordedHistory(Consumer<String> lines) {
    this.clock = Timekeeper.system();
    this.lines = lines;
  }

  /** A client is about to ask for something: a lock or an increment. */
  public void invoked(String client, String name) {
    record(Kind.INVOKED, client, name, Optional.empty(), OptionalLong.empty());
  }

  /** A client's increment of a counter was accepted with a token and gave a value. */
  public void acknowledged(String client, String name, FencingToken token, long value) {
    record(Kind.ACKNOWLEDGED, client, name, Optional.of(token), OptionalLong.of(value));
  }

  /** Records that the effect of a call has certainly not happened. */
  public void failed(String client, String name) {
    record(Kind.FAILED, client, name, Optional.empty(), OptionalLong.empty());
  }

  /** Records that the effect of a call may have happened or may still happen. */
  public void unknown(String client, String name) {
    record(Kind.UNKNOWN, client, name, Optional.empty(), OptionalLong.empty());
  }

  /** A client has been given a lock. */
  public void granted(String client, String lock, FencingToken token) {
    record(Kind.GRANTED, client, lock, Optional.of(token), OptionalLong.empty());
  }

  /** A client is about to give a lock back. */
  public void releasing(String client, String lock, FencingToken token) {
    record(Kind.RELEASING, client, lock, Optional.of(token), OptionalLong.empty());
  }

  /** A client learns that it no longer holds a lock. */
  public void lost(String client, String lock, FencingToken token) {
    record(Kind.LOST, client, lock, Optional.of(token), OptionalLong.empty());
  }

  /** The same, and knows that it could not rely on the lock since a moment, as after a deadline. */
  public void lost(String client, String lock, FencingToken token, long sinceNanos) {
    add(new HistoryEvent(
        sinceNanos, Kind.LOST, client, lock, Optional.of(token), OptionalLong.empty()));
  }

  /** A client is gone, or stands still for so long that it can do nothing: all it holds ends. */
  public void ended(String client) {
    record(Kind.ENDED, client, "", Optional.empty(), OptionalLong.empty());
  }

  /**
   * Adds an event from another history.
   *
   * @return false when the line is not an event
   */
  public boolean add(String line) {
    Optional<HistoryEvent> event = HistoryEvent.parse(line);
    event.ifPresent(this::add);
    return event.isPresent();
  }

  /** All events in the order of time, one a line, as {@link #add} takes them. */
  public List<String> lines() {
    return sorted().stream().map(HistoryEvent::line).toList();
  }

  /**
   * No two clients held a lock at the same time.
   *
   * <p>A client holds from the grant until it begins to release, or until it learns that it has lost.
   */
  public Verdict mutualExclusion(String lock) {
    return HoldCheck.mutualExclusion(lock, sorted());
  }

  /**
   * The tokens of a lock rise strictly in the order of its grants.
   *
   * <p>Two grants are in order when one was received before the other was asked for; where asking was not recorded, in
   * the order they were received. No token is given twice.
   */
  public Verdict tokenOrder(String lock) {
    return HoldCheck.tokenOrder(lock, sorted());
  }

  /**
   * A counter that starts at zero and refuses old tokens counted right: every acknowledged increment is in it once, no
   * increment is in it twice, none was accepted with a token smaller than one accepted before.
   *
   * @param finalValue the counter after everything
   */
  public Verdict fencedCounter(String counter, long finalValue) {
    return new CounterCheck(counter, sorted()).verdict(finalValue);
  }

  private void record(
      Kind kind, String client, String name, Optional<FencingToken> token, OptionalLong value) {
    synchronized (events) {
      add(new HistoryEvent(clock.nanos(), kind, client, name, token, value));
    }
  }

  private void add(HistoryEvent event) {
    synchronized (events) {
      events.add(event);
      lines.accept(event.line());
    }
  }

  /** Stable, so that of events with the same time the one recorded first is first. */
  private List<HistoryEvent> sorted() {
    synchronized (events) {
      List<HistoryEvent> copy = new ArrayList<>(events);
      copy.sort(Comparator.comparingLong(HistoryEvent::nanos));
      return copy;
    }
  }
}
