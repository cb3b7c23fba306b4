package io.zookit.admin.command.incarnation;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.CommandGroup;
import io.zookit.admin.cli.Confirmation;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.VerbOrder;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Page;
import io.zookit.core.IncarnationException;
import io.zookit.core.RestoreSuspicion;
import io.zookit.core.ZkClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The commands about the incarnation of a root. */
@Command(
    name = "incarnation",
    description = "After data was lost or restored: say that the present data is right.")
@VerbOrder({"show", "raise", "repair"})
public final class IncarnationCommand extends CommandGroup {

  /** Creates the commands of a context. */
  public IncarnationCommand(CommandContext context) {
    super(context);
  }

  @Command(
      name = "show",
      description = "Show the number that comes first in every fencing token given now.",
      footer = {"  zookit incarnation show", "  zookit incarnation show -o name"})
  void show() {
    try (ZkClient client = context().connect()) {
      show(client, client.incarnation());
    }
  }

  @Command(
      name = "raise",
      description = {
        "Say that the present data is right, after it was lost or restored.",
        "Tokens given from now on are greater than all before, and processes that knew other data go",
        "on in a new session. Shows the states that were remembered and found, if restored data are",
        "suspected. Give the greatest incarnation that a process or a fence table knows, plus 1."
      },
      footer = {
        "  zookit incarnation raise",
        "  zookit incarnation raise --at-least 4 --dry-run",
        "  zookit incarnation raise --at-least 4 --yes"
      })
  void raise(
      @Option(
              names = "--at-least",
              paramLabel = "NUMBER",
              defaultValue = "1",
              description = "The least number to set. Default: one more than the present one.")
          long atLeast,
      @Mixin Confirmation consent)
      throws InterruptedException {
    try (ZkClient client = context().connect()) {
      long now = client.incarnation();
      long known = client.suspicion().map(RestoreSuspicion::incarnation).orElse(0L);
      client.suspicion().ifPresent(this::report);
      String what = "raise the incarnation of " + client.root() + " from " + now + " to "
          + Math.max(atLeast, Math.max(now, known) + 1);
      if (consent.isGiven(context(), what)) {
        show(client, client.raiseIncarnation(atLeast));
      }
    }
  }

  /** Writes the remembered and the found state, for the operator to judge. */
  private void report(RestoreSuspicion suspicion) {
    context().info("suspected by " + suspicion.by() + ": " + suspicion.reason());
    context().info("  remembered: " + suspicion.known());
    context().info("  found:      " + suspicion.found());
  }

  @Command(
      name = "repair",
      description = {
        "Replace an incarnation that cannot be read: its node is damaged, or a newer version wrote it.",
        "The stored number is lost. Give one that is greater than any that a process, a fence table or",
        "a backup knows; a smaller one lets old tokens pass for new ones."
      },
      footer = {
        "  zookit incarnation repair --at-least 10 --dry-run",
        "  zookit incarnation repair --at-least 10 --yes"
      })
  void repair(
      @Option(
              names = "--at-least",
              paramLabel = "NUMBER",
              required = true,
              description = "The number to set.")
          long atLeast,
      @Mixin Confirmation consent)
      throws InterruptedException {
    try (ZkClient client = context().connect()) {
      String damage = damage(client);
      if (consent.isGiven(context(), damage + ": replace it with " + atLeast)) {
        show(client, client.repairIncarnation(atLeast));
      }
    }
  }

  private static String damage(ZkClient client) {
    long readable;
    try {
      readable = client.incarnation();
    } catch (IncarnationException e) {
      return "the incarnation of " + client.root() + " cannot be read";
    }
    throw new CommandException(
        ExitCode.CONFLICT,
        "the incarnation of " + client.root() + " can be read and is " + readable
            + "; to raise it, use zookit incarnation raise");
  }

  private void show(ZkClient client, long number) {
    context()
        .output()
        .show(
            new IncarnationDocument(number, client.root()),
            Layout.ofPage(
                each -> String.valueOf(each.number),
                each -> Page.of("incarnation " + each.number).field("root", each.root)));
  }

  /**
   * The incarnation in force, as programs see it.
   *
   * @param root what it counts for
   */
  record IncarnationDocument(long number, String root) {}
}
