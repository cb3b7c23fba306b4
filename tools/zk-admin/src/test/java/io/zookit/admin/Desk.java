package io.zookit.admin;

import static org.awaitility.Awaitility.await;

import io.zookit.admin.cli.CliEnvironment;
import io.zookit.admin.cli.Terminal;
import io.zookit.core.Timekeeper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** Runs commands as a user types them; without a terminal unless one is provided. */
final class Desk {

  static final Duration LONG = Duration.ofSeconds(60);

  private final Path home;
  private final Map<String, String> variables = new HashMap<>(Map.of("ZOOKIT_TIMEOUT", "1m"));
  private Optional<Terminal> terminal = Optional.empty();
  private byte[] input = {};
  private Optional<OutputStream> output = Optional.empty();

  Desk(Path home) {
    this.home = home;
  }

  Desk with(String variable, String value) {
    variables.put(variable, value);
    return this;
  }

  Desk without(String variable) {
    variables.remove(variable);
    return this;
  }

  /** The next commands read this. */
  Desk reading(String text) {
    return reading(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The next commands read these bytes. */
  Desk reading(byte[] bytes) {
    this.input = bytes.clone();
    return this;
  }

  /** The next commands write their data there. */
  Desk writingTo(OutputStream stream) {
    this.output = Optional.of(stream);
    return this;
  }

  /** Provides a terminal on which the user gives these answers, and then ends the input. */
  Desk answering(String... answers) {
    this.terminal = Optional.of(new Answers(answers));
    return this;
  }

  /** Removes the terminal. */
  Desk alone() {
    this.terminal = Optional.empty();
    return this;
  }

  /** Runs a command; a text in single quotes is one word. */
  Outcome type(String command) {
    return type(words(command));
  }

  private CliEnvironment environment(OutputStream out, PrintStream err) {
    return new CliEnvironment(
        Map.copyOf(variables),
        home,
        new ByteArrayInputStream(input),
        out,
        err,
        terminal,
        Timekeeper.system());
  }

  private static List<String> words(String command) {
    return Pattern.compile("'([^']*)'|(\\S+)")
        .matcher(command)
        .results()
        .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
        .toList();
  }

  Outcome type(List<String> args) {
    return new Running(args).finish();
  }

  /** Parses a command without running it, and throws if it cannot be parsed. */
  void parse(String command) {
    AdminCommand.parse(words(command), environment(OutputStream.nullOutputStream(), System.err));
  }

  /** Types a command that takes a while. */
  Running start(String command) {
    return new Running(words(command));
  }

  /** A command under way. */
  final class Running {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CompletableFuture<Integer> code = new CompletableFuture<>();
    private final Thread thread;

    Running(List<String> args) {
      CliEnvironment environment =
          environment(output.orElse(out), new PrintStream(err, true, StandardCharsets.UTF_8));
      this.thread = new Thread(() -> run(args, environment), "typed");
      thread.setDaemon(true);
      thread.start();
    }

    private void run(List<String> args, CliEnvironment environment) {
      try {
        code.complete(AdminCommand.run(args, environment));
      } catch (Throwable e) {
        code.completeExceptionally(e);
        throw e;
      }
    }

    /** Waits until it has written at least {@code lines} lines of data, or has ended. */
    Running awaitLines(int lines) {
      await().atMost(LONG).until(() -> out().lines().count() >= lines || code.isDone());
      return this;
    }

    /** Ctrl-C. */
    Running interrupt() {
      thread.interrupt();
      return this;
    }

    Outcome finish() {
      try {
        int number = code.get(LONG.toSeconds() * 4, TimeUnit.SECONDS);
        return new Outcome(number, out(), err.toString(StandardCharsets.UTF_8));
      } catch (InterruptedException | ExecutionException | TimeoutException e) {
        throw new AssertionError("a command did not end as it should", e);
      }
    }

    String out() {
      return out.toString(StandardCharsets.UTF_8);
    }
  }

  /** A person with answers prepared. */
  private static final class Answers implements Terminal {

    private final Deque<String> answers;

    Answers(String... answers) {
      this.answers = new ArrayDeque<>(List.of(answers));
    }

    @Override
    public Optional<String> ask(String question) {
      return Optional.ofNullable(answers.poll());
    }

    @Override
    public Optional<String> askSecret(String question) {
      return ask(question);
    }
  }
}
