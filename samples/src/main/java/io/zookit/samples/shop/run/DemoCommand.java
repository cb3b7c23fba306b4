package io.zookit.samples.shop.run;

import io.zookit.core.Timekeeper;
import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.samples.shop.DemoException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.slf4j.LoggerFactory;

/** The program behind {@code zookit demo}: runs a shop on three ZooKeeper servers, causes faults, and prints the result. */
public final class DemoCommand {

  private static final int HOLDS = 0;
  private static final int FAILS = 1;
  private static final int USAGE = 2;
  private static final int UNAVAILABLE = 7;
  private static final int CANCELLED = 8;
  private static final DateTimeFormatter RUN =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneId.systemDefault());

  private final DemoTerminal terminal;
  private final DemoPlan plan;
  private final Path logs;

  /** @param folder where runs keep their logs */
  DemoCommand(DemoTerminal terminal, DemoPlan plan, Path folder) {
    this.terminal = terminal;
    this.plan = plan;
    String run =
        RUN.format(Timekeeper.system().now()) + "-" + ProcessHandle.current().pid();
    this.logs = folder.resolve(run).toAbsolutePath();
  }

  /** Runs the demo and ends this JVM with its exit code. */
  public static void main(String[] args) {
    Path folder = Path.of(System.getProperty("zookit.home", ""), "target", "demo");
    System.exit(
        new DemoCommand(DemoTerminal.ofProcess(), DemoPlan.full(), folder).run(List.of(args)));
  }

  /** Runs the demo and returns the exit code. */
  int run(List<String> args) {
    try {
      DemoOptions options = DemoOptions.parse(args);
      if (options.help()) {
        terminal.out().print(DemoOptions.HELP);
        return written(HOLDS);
      }
      return run(options);
    } catch (IllegalArgumentException e) {
      terminal.err().println("zookit demo: " + e.getMessage());
      terminal.err().println("See: zookit demo --help");
      return USAGE;
    }
  }

  private int run(DemoOptions options) {
    logTo(logs.resolve("demo.log"));
    try (OpenResources open = OpenResources.untilExit()) {
      try {
        Claims claims = new DemoRun(options, plan, terminal, logs).play(open);
        ResultPrinter printer = new ResultPrinter(terminal);
        printer.print(claims, options.fenced());
        int code = written(claims.hold() ? HOLDS : failed(FAILS, "a claim does not hold"));
        printer.explain(claims, options.fenced());
        return code;
      } catch (ZkUnavailableException e) {
        return failed(UNAVAILABLE, e);
      } catch (DemoException e) {
        return open.isExiting() ? CANCELLED : failed(FAILS, e);
      } catch (ZkException e) {
        return failed(FAILS, e);
      }
    }
  }

  private int written(int code) {
    if (code == HOLDS && terminal.out().checkError()) {
      terminal.err().println("zookit demo: the standard output cannot be written");
      return FAILS;
    }
    return code;
  }

  private int failed(int code, Exception why) {
    LoggerFactory.getLogger(DemoCommand.class).error("the demo failed", why);
    String text = String.valueOf(why.getMessage());
    return failed(code, text.lines().findFirst().orElse(text));
  }

  private int failed(int code, String why) {
    terminal.err().println("zookit demo: " + why + " (logs: " + logs + ")");
    return code;
  }

  /** Sends the log to a file; called before the first logger is created. */
  private static void logTo(Path file) {
    try {
      Files.createDirectories(file.getParent());
    } catch (IOException e) {
      throw new UncheckedIOException("no folder for logs", e);
    }
    System.setProperty("org.slf4j.simpleLogger.logFile", file.toString());
  }
}
