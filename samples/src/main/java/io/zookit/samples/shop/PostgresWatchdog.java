package io.zookit.samples.shop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;

/**
 * Ends a PostgreSQL when this process is gone, however it went: a shell waits for the end of the pipe between them. Our
 * own children see that themselves; a PostgreSQL is a daemon and would live on.
 */
final class PostgresWatchdog implements AutoCloseable {

  // The first line of the file is the id of the server; an orderly end takes the file away.
  private static final String SCRIPT =
      "while read -r line; do :; done; [ -f \"$1\" ] && kill -INT \"$(head -n 1 \"$1\")\"";

  private final Process shell;

  private PostgresWatchdog(Process shell) {
    this.shell = shell;
  }

  /** @param data the server's folder */
  static PostgresWatchdog over(Path data) {
    String file = data.resolve("postmaster.pid").toString();
    try {
      return new PostgresWatchdog(new ProcessBuilder("sh", "-c", SCRIPT, "guard", file)
          .redirectOutput(Redirect.DISCARD)
          .redirectError(Redirect.DISCARD)
          .start());
    } catch (IOException e) {
      throw new UncheckedIOException("no guard", e);
    }
  }

  @Override
  public void close() {
    shell.destroyForcibly();
  }
}
