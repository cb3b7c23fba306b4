package io.zookit.testkit;

import io.zookit.core.internal.client.ClientSettings;
import io.zookit.testkit.internal.child.ChildSignals;
import io.zookit.testkit.internal.child.LineBuffer;
import io.zookit.testkit.internal.child.LivingChildren;
import io.zookit.testkit.internal.child.ParentWatch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A Java program in a process of its own, which can be killed and frozen.
 *
 * <pre>{@code
 * try (ChildJvm holder = ChildJvm.of(Holder.class).args(zk.connectString()).start()) {
 *   holder.awaitLine(line -> line.startsWith("GRANTED"), Duration.ofSeconds(20));
 *   holder.kill();
 * }
 * }</pre>
 *
 * <p>The child ends with this process, also when this one is killed: by a shutdown hook, and because its main method
 * calls {@link #exitWithParent}. A frozen child is watched by a small shell process that does the same for it.
 *
 * <p><i>Threads:</i> all methods may be called from any thread. One daemon thread a child reads its output.
 *
 * <p><i>Failure:</i> signals go through the {@code kill} command, so {@link #pause} and {@link #resume} need a POSIX
 * system. A signal is sent only to a process that is provably this child.
 */
public final class ChildJvm implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration OUTPUT_PATIENCE = Duration.ofSeconds(2);
  private static final int TAIL = 30;

  private final Process process;
  private final ChildSignals signals;
  private final Path log;
  private final boolean deleteLog;
  private final LineBuffer lines = new LineBuffer();
  private final Thread reader;

  private ChildJvm(Process process, ChildSignals signals, Path log, ChildJvmBuilder settings) {
    this.process = process;
    this.signals = signals;
    this.log = log;
    deleteLog = settings.log.isEmpty();
    reader = new Thread(() -> read(settings.listener), "zookit-child-" + process.pid());
    reader.setDaemon(true);
  }

  /** A child that runs a main class of this class path. */
  public static ChildJvmBuilder of(Class<?> main) {
    return new ChildJvmBuilder(main.getName());
  }

  /** A child that runs a main class by its name. */
  public static ChildJvmBuilder of(String main) {
    return new ChildJvmBuilder(main);
  }

  static ChildJvm start(ChildJvmBuilder settings) {
    try {
      Path log = settings.log.isPresent()
          ? settings.log.get().toAbsolutePath()
          : Files.createTempFile("child-", ".log");
      String mark = ChildSignals.newMark();
      ProcessBuilder builder = new ProcessBuilder(command(settings, mark))
          .directory(settings.directory.toFile())
          .redirectError(Redirect.appendTo(log.toFile()));
      builder.environment().putAll(settings.environment);
      Process process = builder.start();
      LivingChildren.add(process);
      ChildJvm child = new ChildJvm(process, new ChildSignals(process, mark), log, settings);
      child.reader.start();
      return child;
    } catch (IOException e) {
      throw new UncheckedIOException("no process for " + settings.mainClass, e);
    }
  }

  /**
   * Ends this JVM as soon as the one that started it is gone. For the first line of a child's main method.
   *
   * <p>A daemon thread reads the standard input, whose end is the parent's end.
   */
  public static void exitWithParent() {
    exitWithParent(line -> {});
  }

  /** The same, and hands on each line that the parent {@linkplain #send sends}, on the thread that reads them. */
  public static void exitWithParent(Consumer<String> onLine) {
    ParentWatch.start(onLine);
  }

  /** The process id. */
  public long pid() {
    return process.pid();
  }

  /** The file with both outputs. */
  public Path log() {
    return log;
  }

  /** Returns whether the process exists, frozen or not. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** The lines of the standard output so far; of very many, the later ones. */
  public List<String> lines() {
    return lines.all();
  }

  /**
   * Waits for the next line of the standard output that matches, after the one found last.
   *
   * @throws IllegalStateException if none came in time or the child has ended; the text shows the end of its log
   */
  public String awaitLine(Predicate<String> wanted, Duration atMost) throws InterruptedException {
    Optional<String> line = lines.await(wanted, atMost);
    return line.orElseThrow(() -> new IllegalStateException(
        this + ": the line did not come within " + atMost.toMillis() + " ms\n" + logTail()));
  }

  /** Writes a line to the child's standard input, where {@link #exitWithParent(Consumer)} receives it. */
  public void send(String line) {
    try {
      OutputStream input = process.getOutputStream();
      input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(this + " does not read", e);
    }
  }

  /** Kills the process (SIGKILL), frozen or not, and waits for its end. */
  public void kill() {
    process.toHandle().destroyForcibly();
    process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    signals.close();
  }

  /** Freezes the process (SIGSTOP); returns when it stands still. */
  public void pause() {
    signals.pause();
  }

  /** Lets a frozen process go on (SIGCONT). */
  public void resume() {
    signals.resume();
  }

  /**
   * Asks the process to end (SIGTERM) and kills it when it has not in time.
   *
   * @return the exit code
   */
  public int terminate(Duration atMost) throws InterruptedException {
    resume();
    // Process.destroy would close the child's input first, and it would take that for our end.
    process.toHandle().destroy();
    if (!process.waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
      kill();
    }
    return process.waitFor();
  }

  /**
   * Waits for the end of the process, and of its output.
   *
   * @return the exit code, empty when it has not ended in time
   */
  public OptionalInt awaitExit(Duration atMost) throws InterruptedException {
    if (process.waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
      // A grandchild may keep the output open.
      reader.join(OUTPUT_PATIENCE.toMillis());
    }
    return exitCode();
  }

  /** The exit code, empty while the process lives; 128 and the number of the signal when one ended it. */
  public OptionalInt exitCode() {
    return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
  }

  /** Kills the process, if it lives, and deletes a temporary log. */
  @Override
  public void close() {
    kill();
    LivingChildren.remove(process);
    try {
      reader.join(PATIENCE.toMillis());
      if (deleteLog) {
        Files.deleteIfExists(log);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException("log " + log + " was not deleted", e);
    }
  }

  @Override
  public String toString() {
    return "child " + pid() + (isAlive() ? "" : " (ended with " + process.exitValue() + ")");
  }

  /** The last lines of the log, for messages. */
  String logTail() {
    try {
      List<String> all = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
      return String.join("\n", all.subList(Math.max(0, all.size() - TAIL), all.size()));
    } catch (IOException e) {
      return "(no log: " + e + ")";
    }
  }

  private void read(Consumer<String> listener) {
    try (BufferedReader output = new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        OutputStream copy =
            Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        copy.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        lines.add(line);
        listener.accept(line);
      }
    } catch (IOException e) {
      lines.add("(output lost: " + e + ")");
    } finally {
      lines.end();
    }
  }

  private static List<String> command(ChildJvmBuilder settings, String mark) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    String timeout = System.getProperty(ClientSettings.CONNECT_TIMEOUT); // children inherit it
    if (timeout != null) {
      command.add("-D" + ClientSettings.CONNECT_TIMEOUT + "=" + timeout);
    }
    command.addAll(settings.jvmOptions);
    command.add(mark);
    command.add("-cp");
    command.add(settings.classPath);
    command.add(settings.mainClass);
    command.addAll(settings.args);
    return command;
  }
}
