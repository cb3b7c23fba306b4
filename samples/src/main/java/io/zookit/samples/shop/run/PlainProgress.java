package io.zookit.samples.shop.run;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/** Progress for a file or a pipe: the time line only. */
final class PlainProgress implements ProgressDisplay {

  private final PrintStream out;

  PlainProgress(PrintStream out) {
    this.out = out;
  }

  @Override
  public void note(Duration at, String text) {
    out.println(ProgressDisplay.line(at, text));
  }

  @Override
  public void show(List<String> picture) {}

  @Override
  public void close() {}
}
