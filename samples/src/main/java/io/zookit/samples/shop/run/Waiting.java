package io.zookit.samples.shop.run;

import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.util.Optional;

/** Waits that end with the demo at the latest. */
final class Waiting {

  /** Limit of a wait for what takes a second or two on an idle machine; a busy one needs much longer. */
  static final Duration LIMIT = Duration.ofMinutes(2);

  private static final Duration STEP = Duration.ofMillis(20);

  private final Chronicle clock;
  private final Duration end;
  private final Runnable guard;

  /**
   * Creates waits.
   *
   * @param end the last moment to wait for, by the chronicle's clock
   * @param guard asked again and again; throws when there is nothing left to wait for
   */
  Waiting(Chronicle clock, Duration end, Runnable guard) {
    this.clock = clock;
    this.end = end;
    this.guard = guard;
  }

  /** Query that is repeated until it has a result. */
  @FunctionalInterface
  interface Question<T> {
    Optional<T> ask() throws Exception;
  }

  /** Waits some time. */
  void rest(Duration duration) throws InterruptedException {
    Duration left = min(duration, end.minus(clock.now()));
    Timekeeper.system().sleep(left);
  }

  /**
   * Waits for a result.
   *
   * @param what names it in the message
   * @throws DemoException if it has no result in time
   */
  <T> T until(String what, Duration atMost, Question<T> question) throws Exception {
    Duration start = clock.now();
    return within(atMost, question)
        .orElseThrow(() -> new DemoException(
            what + ": not within " + clock.now().minus(start).toSeconds() + " s"));
  }

  /** Waits for an answer; empty when there is none in time. */
  <T> Optional<T> within(Duration atMost, Question<T> question) throws Exception {
    Duration last = min(clock.now().plus(atMost), end);
    while (true) {
      Optional<T> answer = question.ask();
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
