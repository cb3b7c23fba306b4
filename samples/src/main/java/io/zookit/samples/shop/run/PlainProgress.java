package io.zookit.samples.shop.run;

import io.zookit.samples.shop.SceneNotes;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/** Progress display for a file or a pipe: the time line only. */
final class PlainProgress implements ProgressDisplay {

  private final PrintStream out;
  private final boolean colour;

  /** @param colour whether faults and refusals are coloured */
  PlainProgress(PrintStream out, boolean colour) {
    this.out = out;
    this.colour = colour;
  }

  @Override
  public void note(Duration at, SceneNotes.Kind kind, String text) {
    out.println(ProgressDisplay.line(at, kind, text, colour));
  }

  @Override
  public void show(List<String> picture) {}

  @Override
  public void close() {}
}
