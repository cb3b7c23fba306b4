package io.zookit.admin.shell;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * A noun of the command line, such as {@code lock}. Its verbs are its methods with picocli's {@code @Command}, or classes of
 * their own where there is more logic; they return an {@link ExitCode}, or nothing for {@link ExitCode#OK}.
 *
 * <p><i>Failure:</i> they throw; the message is written and the exit code found in one place, see {@link Program}.
 */
public abstract class CommandGroup implements Runnable {

  private final Shell shell;

  @Spec
  private CommandSpec spec = CommandSpec.create();

  /** For a shell. */
  protected CommandGroup(Shell shell) {
    this.shell = shell;
  }

  /** Returns the context that all commands share. */
  public final Shell shell() {
    return shell;
  }

  /** Refuses a command line that ends with the noun. */
  @Override
  public final void run() {
    throw Incomplete.at(spec);
  }
}
