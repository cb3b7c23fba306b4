package io.zookit.samples.shop.run;

import io.zookit.samples.shop.SceneNotes;
import java.time.Duration;
import java.util.List;

/** Progress display of the demo: the lines of a time line, and a dashboard of the current state. */
interface ProgressDisplay extends AutoCloseable {

  /** Colour of faults. */
  String YELLOW = "\033[33m";

  /** Colour of refusals. */
  String MAGENTA = "\033[35m";

  /** Ends a colour. */
  String PLAIN = "\033[0m";

  /** Puts a line on the time line. */
  void note(Duration at, SceneNotes.Kind kind, String text);

  /** Draws the dashboard; called several times a second. */
  void show(List<String> picture);

  /** Removes the dashboard. */
  @Override
  void close();

  /** Formats a line of the time line. */
  static String line(Duration at, SceneNotes.Kind kind, String text, boolean colour) {
    String line = String.format("  %02d:%02d  %s", at.toMinutes(), at.toSecondsPart(), text);
    return colour && kind != SceneNotes.Kind.PROGRESS ? colourOf(kind) + line + PLAIN : line;
  }

  private static String colourOf(SceneNotes.Kind kind) {
    return kind == SceneNotes.Kind.FAULT ? YELLOW : MAGENTA;
  }
}
