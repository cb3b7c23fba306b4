package io.zookit.testkit;

import io.zookit.testkit.internal.host.StderrLogs;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.zookeeper.Version;

/**
 * The program behind {@code zookit server}: one server on this machine, for trying things out, until it is stopped.
 *
 * <p>Not for production: it listens on the loopback interface only.
 */
public final class ServerCommand {

  private static final int FAILURE = 1;
  private static final int USAGE = 2;
  private static final int DEFAULT_PORT = 2181;
  private static final int HIGHEST_PORT = 65_535;

  private static final String HELP = """
      Usage: zookit server [--port N] [--data DIR]

      Runs one ZooKeeper server on 127.0.0.1 until Ctrl-C.

        --port N    the port to listen on, 0 for any free one (default: 2181)
        --data DIR  the folder for its data, which is kept (default: a temporary one)
        --help      this text
      """;

  private ServerCommand() {}

  /** Runs the command; ends the JVM with 1 when the server cannot start and with 2 on bad arguments. */
  public static void main(String[] args) throws InterruptedException {
    StderrLogs.use();
    int code = run(List.of(args), System.out, System.err);
    System.exit(code);
  }

  /** Runs until the JVM is stopped; returns only when there is nothing to run. */
  static int run(List<String> args, PrintStream out, PrintStream err) throws InterruptedException {
    Map<String, String> zooCfg = new HashMap<>();
    zooCfg.put("clientPort", String.valueOf(DEFAULT_PORT));
    try {
      if (args.contains("--help")) {
        out.print(HELP);
        return out.checkError() ? unwritable(err) : 0;
      }
      parse(args, zooCfg);
    } catch (IllegalArgumentException e) {
      err.println("zookit server: " + e.getMessage());
      err.print(HELP);
      return USAGE;
    }
    try {
      return serve(zooCfg, out) ? 0 : unwritable(err);
    } catch (UncheckedIOException e) {
      err.println("zookit server: " + reason(e, zooCfg));
      return FAILURE;
    }
  }

  private static void parse(List<String> args, Map<String, String> zooCfg) {
    for (Iterator<String> each = args.iterator(); each.hasNext(); ) {
      String option = each.next();
      switch (option) {
        case "--port" -> zooCfg.put("clientPort", port(value(option, each)));
        case "--data" -> zooCfg.put("dataDir", folder(value(option, each)));
        default ->
          throw new IllegalArgumentException("\"" + option + "\" (expected: --port N, --data DIR)");
      }
    }
  }

  private static String value(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(option + ": nothing (expected: a value)");
    }
    return rest.next();
  }

  private static String port(String text) {
    if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > HIGHEST_PORT) {
      throw new IllegalArgumentException(
          "--port: \"" + text + "\" (expected: 0 to " + HIGHEST_PORT + ")");
    }
    return text;
  }

  private static String folder(String text) {
    Path folder = Path.of(text).toAbsolutePath().normalize();
    if (text.isBlank() || (Files.exists(folder) && !Files.isDirectory(folder))) {
      throw new IllegalArgumentException("--data: \"" + text + "\" (expected: a folder)");
    }
    return folder.toString();
  }

  /** Reports that the address cannot be written. */
  private static int unwritable(PrintStream err) {
    err.println("zookit server: the standard output cannot be written");
    return FAILURE;
  }

  /** Serves until the JVM is stopped; false at once if the address cannot be written. */
  private static boolean serve(Map<String, String> zooCfg, PrintStream out)
      throws InterruptedException {
    ZkServer server = ZkServer.start(zooCfg);
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "zookit-server-stop"));
    String data = server.dataDir() + (zooCfg.containsKey("dataDir") ? "" : ", temporary");
    out.println("ZooKeeper " + Version.getVersion() + " listening on " + server.connectString()
        + " (data: " + data + ", Ctrl-C stops it)");
    if (out.checkError()) {
      server.close();
      return false;
    }
    new CountDownLatch(1).await();
    return true;
  }

  private static String reason(UncheckedIOException failure, Map<String, String> zooCfg) {
    if (failure.getCause() instanceof BindException) {
      return "port " + zooCfg.get("clientPort")
          + " is taken by another program (--port 0 takes any free one)";
    }
    return failure.getMessage() + " (" + failure.getCause() + ")";
  }
}
