package io.zookit.testkit.internal.host;

import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions that send no notification. */
public final class Poll {

  private static final Duration PAUSE = Duration.ofMillis(5);

  private Poll() {}

  /** Waits until the condition holds; false when it did not in time. */
  public static boolean until(Duration atMost, BooleanSupplier condition)
      throws InterruptedException {
    return first(atMost, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty())
        .isPresent();
  }

  /** Waits for a first answer; empty when there was none in time. */
  public static <T> Optional<T> first(Duration atMost, Supplier<Optional<T>> question)
      throws InterruptedException {
    Timekeeper clock = Timekeeper.system();
    long start = clock.nanos();
    while (true) {
      Optional<T> answer = question.get();
      if (answer.isPresent() || clock.nanos() - start >= atMost.toNanos()) {
        return answer;
      }
      clock.sleep(PAUSE);
    }
  }

  /**
   * Waits for what has to happen, from a method that does not declare an interrupt.
   *
   * @throws IllegalStateException if it did not happen in time, or the thread was interrupted
   */
  public static void require(String what, Duration atMost, BooleanSupplier condition) {
    try {
      if (!until(atMost, condition)) {
        throw new IllegalStateException(what + ": not within " + atMost.toMillis() + " ms");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting: " + what, e);
    }
  }
}
