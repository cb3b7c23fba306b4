package io.zookit.admin.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * A noun of the command line, such as {@code lock}. Its verbs are its methods with picocli's {@code @Command}, or classes of
 * their own where there is more logic; they return an {@link ExitCode}, or nothing for {@link ExitCode#OK}.
 *
 * <p><i>Failure:</i> they throw; the message is written and the exit code found in one place, see {@link Program}.
 */
public abstract class CommandGroup implements Runnable {

  private final CommandContext context;

  @Spec
  private CommandSpec spec = CommandSpec.create();

  /** A noun of the program that a context is of. */
  protected CommandGroup(CommandContext context) {
    this.context = context;
  }

  /** Returns the context that all commands share. */
  public final CommandContext context() {
    return context;
  }

  /** Returns the parsed command line. */
  protected final CommandLine commandLine() {
    return spec.commandLine();
  }

  /** Refuses a command line that ends with the noun. */
  @Override
  public final void run() {
    throw new ParameterException(
        commandLine(),
        "no command given (expected: "
            + String.join(", ", HelpPages.ordered(spec).keySet()) + ")");
  }
}
