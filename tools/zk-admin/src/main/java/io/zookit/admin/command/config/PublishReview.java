package io.zookit.admin.command.config;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.Terminal;
import io.zookit.admin.output.DisplayText;
import io.zookit.config.Namespace;
import io.zookit.config.PublishPreview;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * Shows what a change would put in force, and asks on a terminal whether to go on. Off a terminal it only shows: publishing
 * destroys nothing, so that a script needs no {@code --yes}.
 */
public final class PublishReview {

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask on a terminal.")
  private boolean yes;

  /** Writes the difference from the stable release as messages. */
  public void show(CommandContext context, Namespace ns, PublishPreview preview) {
    if (preview.unchanged()) {
      context.info(ns + ": this is the content of release " + preview.base() + " already");
      return;
    }
    context.info(ns + ": release " + preview.number() + " on top of " + preview.base() + ", for "
        + DisplayText.count(preview.instances(), "live instance") + ":");
    DiffDocument.lines(preview.diff()).forEach(line -> context.info("  " + line.text()));
  }

  /**
   * Asks on a terminal.
   *
   * @throws CommandException if the answer is no
   */
  public void confirm(CommandContext context, String question) {
    Optional<Terminal> terminal = context.environment().terminal();
    if (yes || terminal.isEmpty()) {
      return;
    }
    String answer =
        terminal.get().ask(question + "? [y/N] ").orElse("").strip().toLowerCase(Locale.ROOT);
    if (!answer.equals("y") && !answer.equals("yes")) {
      throw new CommandException(ExitCode.CANCELLED, "cancelled; nothing was changed");
    }
  }

  /**
   * Asks on a terminal about a change that also deletes.
   *
   * @throws CommandException if the answer is no, or if there is neither a terminal nor {@code --yes}
   */
  void confirmDeletion(CommandContext context, String question) {
    if (!yes && !context.isOnTerminal()) {
      throw new CommandException(
          ExitCode.USAGE, question + ": confirmation required, pass --yes when not on a terminal");
    }
    confirm(context, question);
  }
}
