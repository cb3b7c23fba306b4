package io.zookit.samples;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where the demo writes: progress to standard error, the result to standard output.
 *
 * @param live whether progress is redrawn in place
 * @param colour whether the result is coloured
 */
record Terminal(PrintStream out, PrintStream err, boolean live, boolean colour) {

  /** What this process was started with. */
  static Terminal ofProcess() {
    boolean dumb = "dumb".equals(System.getenv("TERM"));
    String noColor = System.getenv("NO_COLOR");
    return new Terminal(
        utf8(FileDescriptor.out),
        utf8(FileDescriptor.err),
        !dumb && isTerminal(2),
        !dumb && (noColor == null || noColor.isEmpty()) && isTerminal(1));
  }

  /** How progress is shown here. */
  Progress progress() {
    return live ? new LiveProgress(err) : new PlainProgress(err);
  }

  // System.console() does not tell output from input, and from Java 22 on it is there off a
  // terminal too.
  private static boolean isTerminal(int descriptor) {
    try {
      Process test = new ProcessBuilder("test", "-t", String.valueOf(descriptor))
          .inheritIO()
          .start();
      return test.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }
}
