package io.zookit.samples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;

/**
 * Ends a process when this one is gone, however it went: a shell waits for the end of the pipe between them. Our own
 * children see that themselves; a PostgreSQL would live on.
 */
final class OrphanGuard implements AutoCloseable {

  private static final String SCRIPT = "while read -r line; do :; done; kill -INT \"$1\"";

  private final Process shell;

  private OrphanGuard(Process shell) {
    this.shell = shell;
  }

  static OrphanGuard over(Process process) {
    try {
      return new OrphanGuard(
          new ProcessBuilder("sh", "-c", SCRIPT, "guard", String.valueOf(process.pid()))
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
