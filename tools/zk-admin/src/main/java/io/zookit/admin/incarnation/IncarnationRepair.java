package io.zookit.admin.incarnation;

import io.zookit.admin.shell.ClusterVerb;
import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.Consent;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.core.IncarnationException;
import io.zookit.core.ZkClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Replaces an incarnation that cannot be read. */
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
final class IncarnationRepair extends ClusterVerb {

  @Option(
      names = "--at-least",
      paramLabel = "NUMBER",
      required = true,
      description = "The number to set.")
  private long atLeast;

  @Mixin
  private Consent consent = new Consent();

  IncarnationRepair(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ZkClient client) throws InterruptedException {
    String damage = damage(client);
    if (consent.isGiven(shell(), damage + ": replace it with " + atLeast)) {
      long repaired = client.repairIncarnation(atLeast);
      shell()
          .output()
          .show(IncarnationDocument.of(repaired, client), new IncarnationDocument.Lines());
    }
    return ExitCode.OK;
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
}
