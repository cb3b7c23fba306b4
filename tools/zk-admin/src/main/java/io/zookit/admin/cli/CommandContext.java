package io.zookit.admin.cli;

import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Output;
import io.zookit.admin.output.StandardOutput;
import io.zookit.admin.output.Style;
import io.zookit.core.AccessPolicy;
import io.zookit.core.ZkClient;
import io.zookit.core.audit.AuditLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The context that all commands share: the options before and after their names, the connection, the output. */
public final class CommandContext {

  private static final String INPUT = "standard input";

  private final CliEnvironment environment;
  private final GlobalOptions options = new GlobalOptions();
  private final Connector connector;
  private final StandardOutput out;
  private @Nullable String inputFor;

  CommandContext(CliEnvironment environment) {
    this.environment = environment;
    this.connector = new Connector(environment, options);
    this.out = new StandardOutput(environment.out());
  }

  GlobalOptions options() {
    return options;
  }

  /** Returns the environment in which the command runs. */
  public CliEnvironment environment() {
    return environment;
  }

  /** Returns the time to wait for a connection, and for a response. */
  public Duration timeout() {
    return connector.timeout();
  }

  /** Returns the target of the connection, and the source that named it. */
  public Target target() {
    return connector.target();
  }

  /** The contexts of the user. */
  public Contexts contexts() {
    return connector.file().read();
  }

  /** Returns whether other users of this machine can read the file of the contexts. */
  public boolean isContextFileExposed() {
    return connector.file().isExposed();
  }

  /**
   * Returns a context with the settings of the options.
   *
   * @throws CommandException if they do not name the servers to connect to
   */
  public Context given() {
    if (options.connect == null) {
      throw new CommandException(ExitCode.USAGE, "--connect: missing (expected: HOSTS)");
    }
    return new Context(
        options.connect,
        Optional.ofNullable(options.root),
        Optional.ofNullable(options.user),
        Optional.empty(),
        Optional.empty(),
        options.unauthenticated,
        Optional.ofNullable(options.color).map(ColorChoice::toString),
        Optional.empty());
  }

  /**
   * The first line of the standard input.
   *
   * @param what it is for
   * @throws CommandException if there is none, it is not UTF-8, or the standard input was read before
   */
  public String readLine(String what) {
    claimInput(what);
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      for (int b = environment.in().read();
          b >= 0 && b != '\n';
          b = environment.in().read()) {
        line.write(b);
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
    String text = StrictUtf8.decode(line.toByteArray(), INPUT);
    return present(
        text.endsWith("\r") ? text.substring(0, text.length() - 1) : text, what, "one line");
  }

  /**
   * The standard input as one value: several lines whole, one line without its end.
   *
   * @param what it is for
   * @throws CommandException as for {@link #readLine}
   */
  public String readValue(String what) {
    String text = present(readAll(what), what, "a value");
    boolean isOneLine = text.indexOf('\n') == text.length() - 1;
    return isOneLine ? text.replaceFirst("\r?\n$", "") : text;
  }

  /**
   * All of the standard input.
   *
   * @param what it is for
   * @throws CommandException if it is not UTF-8, or the standard input was read before
   */
  public String readAll(String what) {
    claimInput(what);
    try {
      return StrictUtf8.decode(environment.in().readAllBytes(), INPUT);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * The text of a file.
   *
   * @throws CommandException if it does not exist, cannot be read, or is not UTF-8
   */
  public String readFile(Path file) {
    try {
      return StrictUtf8.decode(Files.readAllBytes(file), file.toString());
    } catch (NoSuchFileException e) {
      throw new CommandException(ExitCode.NOT_FOUND, file + ": there is no such file", e);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILURE, file + ": cannot be read (" + e.getMessage() + ")", e);
    }
  }

  /** There is one standard input; the second to ask for it would get nothing, or the rest. */
  private void claimInput(String what) {
    if (inputFor != null) {
      throw new CommandException(
          ExitCode.USAGE,
          "-: given for " + inputFor + " and for " + what
              + " (expected: once, for the standard input can be read only once)");
    }
    inputFor = what;
  }

  private static String present(String text, String what, String expected) {
    if (text.isEmpty()) {
      throw new CommandException(
          ExitCode.USAGE, what + ": nothing on the standard input (expected: " + expected + ")");
    }
    return text;
  }

  private static CommandException unreadable(IOException e) {
    return new CommandException(
        ExitCode.FAILURE, INPUT + ": cannot be read (" + e.getMessage() + ")", e);
  }

  /** The author of a change: the authenticated user, or else the user of this process. */
  public String person() {
    return connector
        .user()
        .or(() -> environment.variable("USER"))
        .or(() -> Optional.ofNullable(System.getProperty("user.name")))
        .filter(name -> !name.isBlank() && !name.equals("?"))
        .orElse("unknown");
  }

  /** Waits for a moment. */
  public void pause(Duration time) throws InterruptedException {
    environment.timekeeper().sleep(time);
  }

  /** Returns whether the command runs on a terminal. */
  public boolean isOnTerminal() {
    return environment.terminal().isPresent();
  }

  /** Replaces the contexts of the user. */
  public void save(Contexts contexts) {
    connector.file().write(contexts);
  }

  /**
   * Connects.
   *
   * @throws CommandException if the settings do not allow it
   * @throws io.zookit.core.ZkUnavailableException if no server responds in time
   */
  public ZkClient connect() {
    return signed(connector.connect(Optional.empty()));
  }

  /** The author of changes is the same in the audit as in the history of the configuration. */
  private ZkClient signed(ZkClient client) {
    AuditLog.in(client).signAs(person());
    return client;
  }

  /** Connects to one server, as the settings say otherwise. */
  public ZkClient connectTo(String server) {
    return connector.connectTo(server);
  }

  /** Connects with another policy of access than the connection's own. */
  public ZkClient connect(AccessPolicy access) {
    return signed(connector.connect(Optional.of(access)));
  }

  /** Returns the output for data. */
  public Output output() {
    return new Output(out, options.output, isColored());
  }

  StandardOutput standardOutput() {
    return out;
  }

  /** The standard output, for bytes; a write that fails throws, and ends the command with {@link ExitCode#FAILURE}. */
  public OutputStream bytes() {
    return out.bytes();
  }

  /** Writes a message, as opposed to data, to the standard error. */
  public void info(String message) {
    environment.err().println(Cell.printable(message));
  }

  /** Writes what went wrong. */
  void error(Throwable failure) {
    PrintStream err = environment.err();
    err.println(Style.BAD.paint("zookit:", isColored()) + " "
        + Cell.printable(FailureCodes.messageOf(failure)));
    if (options.verbose) {
      failure.printStackTrace(err);
    }
  }

  private boolean isColored() {
    return Optional.ofNullable(options.color).orElseGet(this::colorOfContext).isOn(environment);
  }

  /** Returns the choice of the context; the default if it cannot be read, which the command that needs it reports. */
  private ColorChoice colorOfContext() {
    try {
      return connector
          .target()
          .context()
          .color()
          .flatMap(ColorChoice::named)
          .orElse(ColorChoice.AUTO);
    } catch (CommandException e) {
      return ColorChoice.AUTO;
    }
  }
}
