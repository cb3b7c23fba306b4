package io.zookit.admin.output;

import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.time.Instant;

/** Formats the time that has passed since an instant, in a few characters. */
public final class Ages {

  private final Timekeeper timekeeper;

  /** Ages by a clock. */
  public Ages(Timekeeper timekeeper) {
    this.timekeeper = timekeeper;
  }

  /** Like {@code 4s}, {@code 3m 10s}, {@code 5h 2m} or {@code 12d 3h}; what is in the future is {@code 0s}. */
  public String of(Instant moment) {
    long seconds = Math.max(0, Duration.between(moment, timekeeper.now()).toSeconds());
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return seconds / 60 + "m " + seconds % 60 + "s";
    }
    return seconds < 86_400
        ? seconds / 3600 + "h " + seconds % 3600 / 60 + "m"
        : seconds / 86_400 + "d " + seconds % 86_400 / 3600 + "h";
  }
}
