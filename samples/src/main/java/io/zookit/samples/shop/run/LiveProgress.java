package io.zookit.samples.shop.run;

import io.zookit.samples.shop.SceneNotes;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/** Progress display for a terminal: the dashboard stays below the time line and is redrawn in place. */
final class LiveProgress implements ProgressDisplay {

  private final PrintStream out;
  private final boolean colour;
  private List<String> shown = List.of();

  /** @param colour whether faults and refusals are coloured */
  LiveProgress(PrintStream out, boolean colour) {
    this.out = out;
    this.colour = colour;
  }

  @Override
  public synchronized void note(Duration at, SceneNotes.Kind kind, String text) {
    draw(ProgressDisplay.line(at, kind, text, colour) + "\n", shown);
  }

  @Override
  public synchronized void show(List<String> picture) {
    draw("", picture);
  }

  @Override
  public synchronized void close() {
    draw("", List.of());
  }

  // A single write each, so that a half-drawn picture is never visible.
  private void draw(String above, List<String> picture) {
    StringBuilder text = new StringBuilder();
    if (!shown.isEmpty()) {
      // Up to its first line, and clear everything below.
      text.append("\033[").append(shown.size()).append("A\r\033[J");
    }
    text.append(above);
    picture.forEach(line -> text.append(line).append('\n'));
    out.print(text);
    out.flush();
    shown = picture;
  }
}
