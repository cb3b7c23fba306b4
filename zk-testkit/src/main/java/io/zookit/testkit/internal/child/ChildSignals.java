package io.zookit.testkit.internal.child;

import io.zookit.testkit.internal.host.Poll;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Freezing and thawing one child.
 *
 * <p>Process ids are used again. So each child carries a mark in its command line, and no signal goes to a process
 * without it.
 */
public final class ChildSignals implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String MARK = "-Dzookit.child=";

  /** Waits for the end of its input, that is of the parent, and kills what cannot notice it itself. */
  private static final String GUARD = "while read -r line; do :; done; "
      + "if [ ! -e /proc/self ] || grep -aqF -e \"$2\" \"/proc/$1/cmdline\" 2>/dev/null; "
      + "then kill -9 \"$1\"; fi";

  private final Process child;
  private final String mark;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Process guard;

  public ChildSignals(Process child, String mark) {
    this.child = child;
    this.mark = mark;
  }

  /** An option of the virtual machine that no other process has. */
  public static String newMark() {
    return MARK + UUID.randomUUID();
  }

  public void pause() {
    lock.lock();
    try {
      if (guard != null) {
        return;
      }
      requireOurs();
      guard = new ProcessBuilder("sh", "-c", GUARD, "guard", String.valueOf(child.pid()), mark)
          .redirectOutput(Redirect.DISCARD)
          .redirectError(Redirect.DISCARD)
          .start();
      LivingChildren.add(guard);
      send("STOP");
      Poll.require("standstill of child " + child.pid(), PATIENCE, this::standsStill);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lock.unlock();
    }
  }

  public void resume() {
    lock.lock();
    try {
      if (guard != null && child.isAlive()) {
        requireOurs();
        send("CONT");
      }
      close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lock.unlock();
    }
  }

  /** Ends the guard of a frozen child. */
  @Override
  public void close() {
    lock.lock();
    try {
      Process ending = guard;
      guard = null;
      if (ending != null) {
        ending.destroyForcibly();
        ending.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        LivingChildren.remove(ending);
      }
    } finally {
      lock.unlock();
    }
  }

  private void send(String signal) throws IOException {
    Process kill = new ProcessBuilder("kill", "-" + signal, String.valueOf(child.pid()))
        .redirectErrorStream(true)
        .start();
    try {
      if (!kill.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) || kill.exitValue() != 0) {
        throw new IOException("kill -" + signal + " " + child.pid() + " has failed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while sending " + signal, e);
    }
  }

  /** The child is not reaped while it is alive for us, so its id is its own; the mark shows it once more. */
  private void requireOurs() throws IOException {
    if (!child.isAlive() || (hasProc() && !proc("cmdline").contains(mark))) {
      throw new IllegalStateException("child " + child.pid() + " has ended");
    }
  }

  private boolean standsStill() {
    try {
      String stat = hasProc() ? proc("stat") : ") T";
      return stat.startsWith(" T", stat.lastIndexOf(')') + 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String proc(String file) throws IOException {
    Path path = Path.of("/proc", String.valueOf(child.pid()), file);
    return new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
  }

  private static boolean hasProc() {
    return Files.exists(Path.of("/proc/self"));
  }
}
