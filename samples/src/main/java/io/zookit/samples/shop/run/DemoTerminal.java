package io.zookit.samples.shop.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Output of the demo: progress on standard error, the result on standard output.
 *
 * @param live whether progress is redrawn in place
 * @param colour whether the result is coloured
 * @param progressColour whether progress is
 */
record DemoTerminal(
    PrintStream out, PrintStream err, boolean live, boolean colour, boolean progressColour) {

  private static final Pattern COLUMNS = Pattern.compile("^\\d+ ([1-9]\\d*)");

  /** Returns the terminal that this process was started with. */
  static DemoTerminal ofProcess() {
    boolean dumb = "dumb".equals(System.getenv("TERM"));
    String noColor = System.getenv("NO_COLOR");
    boolean colours = !dumb && (noColor == null || noColor.isEmpty());
    boolean progressOnTerminal = isTerminal(2);
    return new DemoTerminal(
        utf8(FileDescriptor.out),
        utf8(FileDescriptor.err),
        !dumb && progressOnTerminal && isWide(),
        colours && isTerminal(1),
        colours && progressOnTerminal);
  }

  /** Returns the progress display that suits this terminal. */
  ProgressDisplay progress() {
    return live ? new LiveProgress(err, progressColour) : new PlainProgress(err, progressColour);
  }

  // System.console() does not tell output from input, and from Java 22 on it exists without a
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

  /**
   * Returns whether the dashboard fits; one that does not fit could not be redrawn in place. An unknown width counts as the
   * usual one.
   */
  private static boolean isWide() {
    try {
      Process size = new ProcessBuilder("stty", "size")
          .redirectInput(Redirect.INHERIT)
          .redirectError(Redirect.DISCARD)
          .start();
      Matcher columns = COLUMNS.matcher(new String(size.getInputStream().readAllBytes(), UTF_8));
      return !columns.find() || Integer.parseInt(columns.group(1)) > Dashboard.WIDTH;
    } catch (IOException e) {
      return true;
    }
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, UTF_8);
  }
}
