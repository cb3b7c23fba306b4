package io.zookit.chaos.experiment;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Parameters of a run.
 *
 * @param seed of every choice it makes; the machine's timing does not depend on it
 * @param length how long faults are caused
 * @param logs the folder for the logs of servers and clients
 * @param progress receives a human-readable line now and then
 * @param speed of this machine, 1 or less
 */
public record RunSettings(
    long seed, Duration length, Path logs, Consumer<String> progress, double speed) {

  private static final double SLOWEST = 0.25;

  /** A setting of a machine that is fast enough, until it is measured. */
  public RunSettings(long seed, Duration length, Path logs, Consumer<String> progress) {
    this(seed, length, logs, progress, 1);
  }

  /** The same on a machine of that speed. */
  public RunSettings at(double measured) {
    return new RunSettings(seed, length, logs, progress, measured);
  }

  /** A number that belongs to four minutes, for this length. */
  public long scaled(long perFourMinutes) {
    return Math.max(
        1, perFourMinutes * length.toMillis() / Duration.ofMinutes(4).toMillis());
  }

  /** A number that belongs to four minutes of a machine that is fast enough, for this length and machine. */
  public long reachable(long perFourMinutes) {
    return Math.max(1, (long) (scaled(perFourMinutes) * speed));
  }

  /** A time in which a machine that is fast enough must be done, for this machine: at most four times as long. */
  public Duration reachable(Duration bound) {
    return Duration.ofMillis(Math.round(bound.toMillis() / Math.max(speed, SLOWEST)));
  }
}
