package io.zookit.samples.shop.run;

import java.time.Duration;
import java.util.List;

/** Progress display of the demo: permanent lines of a time line, and a picture of the current state. */
interface ProgressDisplay extends AutoCloseable {

  /** Puts a line on the time line. */
  void note(Duration at, String text);

  /** Shows the moment; called a few times a second. */
  void show(List<String> picture);

  /** Takes the picture away. */
  @Override
  void close();

  /** A line of the time line. */
  static String line(Duration at, String text) {
    return String.format("  %02d:%02d  %s", at.toMinutes(), at.toSecondsPart(), text);
  }
}
