package io.zookit.samples.shop;

import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.util.Optional;

/** Waits for results by asking again and again, at most until the demo has to be over. */
public final class BoundedWait {

  /** Limit of a wait for what takes a second or two on an idle machine; a busy one needs much longer. */
  public static final Duration LIMIT = Duration.ofMinutes(2);

  private static final Duration STEP = Duration.ofMillis(20);

  private final ShopEventLog clock;
  private final Duration end;
  private final Runnable guard;

  /**
   * Creates waits.
   *
   * @param end the last moment to wait for, by the log's clock
   * @param guard called before each further query; throws if there is nothing left to wait for
   */
  public BoundedWait(ShopEventLog clock, Duration end, Runnable guard) {
    this.clock = clock;
    this.end = end;
    this.guard = guard;
  }

  /** Query that is repeated until it has a result. */
  @FunctionalInterface
  public interface ResultQuery<T> {
    /** Returns the result; empty if there is none yet. */
    Optional<T> ask() throws Exception;
  }

  /** Waits for a duration. */
  public void rest(Duration duration) throws InterruptedException {
    Duration left = min(duration, end.minus(clock.now()));
    Timekeeper.system().sleep(left);
  }

  /**
   * Waits for a result.
   *
   * @param what names it in the message
   * @throws DemoException if it has no result in time
   */
  public <T> T until(String what, Duration atMost, ResultQuery<T> query) throws Exception {
    Duration start = clock.now();
    return within(atMost, query)
        .orElseThrow(() -> new DemoException(
            what + ": not within " + clock.now().minus(start).toSeconds() + " s"));
  }

  /** Waits for a result; empty if there is none in time. */
  public <T> Optional<T> within(Duration atMost, ResultQuery<T> query) throws Exception {
    Duration last = min(clock.now().plus(atMost), end);
    while (true) {
      Optional<T> answer = query.ask();
      if (answer.isPresent() || clock.now().compareTo(last) >= 0) {
        return answer;
      }
      guard.run();
      rest(STEP);
    }
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
