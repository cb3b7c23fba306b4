package io.zookit.admin.shell;

import java.util.concurrent.Callable;

/**
 * A command that can be typed. What a subclass adds: its name, help and examples by picocli's {@code @Command} (the
 * examples are the footer), its options and parameters as fields, and {@link #run}.
 *
 * <p><i>Failure:</i> it throws; the message is written and the exit code found in one place, see {@link Group}.
 */
public abstract class Verb implements Callable<Integer> {

  private final Shell shell;

  /** For a shell. */
  protected Verb(Shell shell) {
    this.shell = shell;
  }

  /** Returns the context that all commands share. */
  protected final Shell shell() {
    return shell;
  }

  /** Does it. */
  protected abstract ExitCode run() throws InterruptedException;

  @Override
  public final Integer call() throws InterruptedException {
    return run().number();
  }
}
