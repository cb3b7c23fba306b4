package io.zookit.admin.shell;

import java.io.PrintStream;

/** How far something has come: one line that changes on a terminal, a line for each change elsewhere. Not thread-safe. */
public final class Ticker {

  private final PrintStream err;
  private final boolean onTerminal;
  private String last = "";

  /** On the standard error of a shell. */
  public Ticker(Shell shell) {
    this.err = shell.surroundings().err();
    this.onTerminal = shell.isOnTerminal();
  }

  /** Tells, if it is news. */
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

  /** Nothing more is told. */
  public void end() {
    if (onTerminal && !last.isEmpty()) {
      err.println();
    }
  }
}
