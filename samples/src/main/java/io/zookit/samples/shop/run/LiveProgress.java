package io.zookit.samples.shop.run;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/** Progress for a terminal: the time line grows upwards, the picture stays below it and is redrawn in place. */
final class LiveProgress implements ProgressDisplay {

  private final PrintStream out;
  private List<String> shown = List.of();

  LiveProgress(PrintStream out) {
    this.out = out;
  }

  @Override
  public synchronized void note(Duration at, String text) {
    draw(ProgressDisplay.line(at, text) + "\n", shown);
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
