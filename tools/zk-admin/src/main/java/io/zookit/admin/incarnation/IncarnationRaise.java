package io.zookit.admin.incarnation;

import io.zookit.admin.shell.ClusterVerb;
import io.zookit.admin.shell.Consent;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.core.RestoreSuspicion;
import io.zookit.core.ZkClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Raises the incarnation. */
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
final class IncarnationRaise extends ClusterVerb {

  @Option(
      names = "--at-least",
      paramLabel = "NUMBER",
      defaultValue = "1",
      description = "The least number to set. Default: one more than the present one.")
  private long atLeast;

  @Mixin
  private Consent consent = new Consent();

  IncarnationRaise(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ZkClient client) throws InterruptedException {
    long now = client.incarnation();
    long known = client.suspicion().map(RestoreSuspicion::incarnation).orElse(0L);
    client.suspicion().ifPresent(this::say);
    String what = "raise the incarnation of " + client.root() + " from " + now + " to "
        + Math.max(atLeast, Math.max(now, known) + 1);
    if (consent.isGiven(shell(), what)) {
      long raised = client.raiseIncarnation(atLeast);
      shell()
          .output()
          .show(IncarnationDocument.of(raised, client), new IncarnationDocument.Lines());
    }
    return ExitCode.OK;
  }

  /** Writes the remembered and the found state, for the operator to judge. */
  private void say(RestoreSuspicion suspicion) {
    shell().say("suspected by " + suspicion.by() + ": " + suspicion.reason());
    shell().say("  remembered: " + suspicion.known());
    shell().say("  found:      " + suspicion.found());
  }
}
