package io.zookit.admin.cli;

import io.zookit.admin.output.Cell;
import java.io.PrintStream;

/** Shows progress: one line that is rewritten on a terminal, a line for each change elsewhere. Not thread-safe. */
public final class ProgressLine {

  private final PrintStream err;
  private final boolean onTerminal;
  private String last = "";

  /** On the standard error of a context. */
  public ProgressLine(CommandContext context) {
    this.err = context.environment().err();
    this.onTerminal = context.isOnTerminal();
  }

  /** Writes the text unless it equals the last one. */
  public void tell(String news) {
    String line = Cell.printable(news);
    if (line.equals(last)) {
      return;
    }
    last = line;
    if (onTerminal) {
      err.print("\r" + line + "\033[K");
      err.flush();
    } else {
      err.println(line);
    }
  }

  /** Ends the progress line; nothing more is written. */
  public void end() {
    if (onTerminal && !last.isEmpty()) {
      err.println();
    }
  }
}
