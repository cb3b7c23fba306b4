package io.zookit.group;

import java.time.Duration;
import java.util.Optional;

/**
 * The way in which a partition is handed over to another member.
 *
 * @param limit the longest time; empty without a limit
 */
public record Handover(Optional<Duration> limit) {

  /** Checks the limit. */
  public Handover {
    limit.ifPresent(time -> {
      if (time.isNegative() || time.compareTo(Duration.ofDays(1)) > 0) {
        throw new IllegalArgumentException("drain: " + time + " (expected: zero to a day)");
      }
    });
  }

  /**
   * The handler has this long to end. Then the partition becomes invalid, the handler is interrupted, and the partition is
   * released, in this order; the next owner starts although the handler's thread may still run.
   *
   * @param time zero to a day
   */
  public static Handover drain(Duration time) {
    return new Handover(Optional.of(time));
  }

  /** The partition is released when the handler has returned, however long that takes; it is never interrupted for it. */
  public static Handover untilDone() {
    return new Handover(Optional.empty());
  }
}
