package io.zookit.admin.shell;

import io.zookit.core.AccessPolicy;
import io.zookit.core.Subscription;
import io.zookit.core.ZkClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** What all commands share: the options before and after their names, the connection, the output. */
public final class Shell {

  private final Surroundings surroundings;
  private final GlobalOptions options = new GlobalOptions();
  private final Connector connector;

  Shell(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.connector = new Connector(surroundings, options);
  }

  GlobalOptions options() {
    return options;
  }

  /** Where the command runs. */
  public Surroundings surroundings() {
    return surroundings;
  }

  /** How long to wait for a connection, and for an answer. */
  public Duration timeout() {
    return connector.timeout();
  }

  /** Where it connects, and who said so. */
  public Target target() {
    return connector.target();
  }

  /** The contexts of the user. */
  public Contexts contexts() {
    return connector.file().read();
  }

  /** Whether others on this machine can read the file of the contexts. */
  public boolean isContextFileExposed() {
    return connector.file().isExposed();
  }

  /**
   * A context of what the options say.
   *
   * @throws CommandException when they do not say where to connect
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

  /** The first line of the standard input. */
  public String readLine(String what) {
    try {
      String line = new BufferedReader(
              new InputStreamReader(surroundings.in(), StandardCharsets.UTF_8))
          .readLine();
      if (line == null || line.isEmpty()) {
        throw new CommandException(
            ExitCode.USAGE, what + ": nothing on the standard input (expected: one line)");
      }
      return line;
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILURE, "the standard input cannot be read", e);
    }
  }

  /** All of the standard input. */
  public String readAll() {
    try {
      return new String(surroundings.in().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILURE, "the standard input cannot be read", e);
    }
  }

  /** Who sits here: who connects, or else who is logged in. */
  public String person() {
    return Optional.ofNullable(options.user)
        .or(() -> connector.target().context().user())
        .or(() -> surroundings.variable("USER"))
        .orElse("unknown");
  }

  /** Waits for a moment. */
  public void pause(Duration time) throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    try (Subscription pending = surroundings.timekeeper().after(time, over::countDown)) {
      over.await();
    }
  }

  /** Whether a person reads what is written. */
  public boolean isOnTerminal() {
    return surroundings.terminal().isPresent();
  }

  /** Replaces the contexts of the user. */
  public void save(Contexts contexts) {
    connector.file().write(contexts);
  }

  /**
   * Connects.
   *
   * @throws CommandException when the settings do not allow it
   * @throws io.zookit.core.ZkUnavailableException when no server answers in time
   */
  public ZkClient connect() {
    return connector.connect(Optional.empty());
  }

  /** Connects with another policy of access than the connection's own. */
  public ZkClient connect(AccessPolicy access) {
    return connector.connect(Optional.of(access));
  }

  /** Where data go. */
  public Output output() {
    return new Output(surroundings.out(), options.output, isColored());
  }

  /** Writes a message, which is no data. */
  public void say(String message) {
    surroundings.err().println(Cell.printable(message));
  }

  /** Writes what went wrong. */
  void complain(Throwable failure) {
    PrintStream err = surroundings.err();
    err.println(
        Tone.BAD.paint("zookit:", isColored()) + " " + Cell.printable(Failures.messageOf(failure)));
    if (options.verbose) {
      failure.printStackTrace(err);
    }
  }

  private boolean isColored() {
    return Optional.ofNullable(options.color).orElseGet(this::colorOfContext).isOn(surroundings);
  }

  /** What is wrong with the contexts is told by the command that needs one. */
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
