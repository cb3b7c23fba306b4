package io.zookit.admin.cli;

import io.zookit.admin.output.Cell;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of a command that destroys something. A verb has it as a field with picocli's {@code @Mixin}. */
public final class Confirmation {

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  private boolean yes;

  @Option(names = "--dry-run", description = "Only say what would happen.")
  private boolean dryRun;

  /** Nothing is agreed to yet. */
  public Confirmation() {}

  /** Returns whether this is a dry run, after writing what would happen if it is. For what needs no confirmation. */
  public boolean isDryRun(CommandContext context, String what) {
    if (dryRun) {
      context.info("would do: " + what);
    }
    return dryRun;
  }

  /**
   * Returns whether to proceed, after asking the user if necessary.
   *
   * @param what would happen: "lock a: break it, held by one"
   * @return false for a dry run, after writing what would happen
   * @throws CommandException if the user declines, or if confirmation is required and no terminal is available
   */
  public boolean isGiven(CommandContext context, String what) {
    if (isDryRun(context, what)) {
      return false;
    }
    if (yes) {
      return true;
    }
    Terminal terminal = context
        .environment()
        .terminal()
        .orElseThrow(() -> new CommandException(
            ExitCode.USAGE, what + ": confirmation required, pass --yes when not on a terminal"));
    Optional<String> answer = terminal.ask(Cell.printable(what) + "? [y/N] ");
    String said = answer.orElse("").strip().toLowerCase(Locale.ROOT);
    if (!said.equals("y") && !said.equals("yes")) {
      throw new CommandException(ExitCode.CANCELLED, "cancelled; nothing was changed");
    }
    return true;
  }
}
