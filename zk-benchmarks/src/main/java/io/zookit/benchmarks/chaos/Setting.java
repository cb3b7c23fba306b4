package io.zookit.benchmarks.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * What a run is given.
 *
 * @param seed of every choice it makes; the machine's timing is not in it
 * @param length how long faults are caused
 * @param logs the folder for the logs of servers and clients
 * @param progress hears a line for people now and then
 */
record Setting(long seed, Duration length, Path logs, Consumer<String> progress) {

  /** A number that belongs to four minutes, for this length. */
  long scaled(long perFourMinutes) {
    return Math.max(
        1, perFourMinutes * length.toMillis() / Duration.ofMinutes(4).toMillis());
  }
}
