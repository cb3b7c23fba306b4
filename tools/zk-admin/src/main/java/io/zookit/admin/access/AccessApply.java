package io.zookit.admin.access;

import io.zookit.admin.shell.Consent;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.core.AccessControl;
import io.zookit.core.ZkClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Brings the nodes that exist under the policy. */
@Command(
    name = "apply",
    description = {
      "Give every node below the root the access list that the stored policy says, and create the",
      "folders below the root that do not exist, such as that of the audit.",
      "It needs the permission ADMIN on a node; the others are named as not changed, and the exit code is 1."
    },
    footer = {"  zookit access apply --dry-run", "  zookit access apply --yes"})
final class AccessApply extends AccessVerb {

  @Mixin
  private Consent consent = new Consent();

  AccessApply(Shell shell) {
    super(shell);
  }

  @Override
  ExitCode run(AccessControl access, ZkClient client) throws InterruptedException {
    AccessControl.Survey found = access.survey();
    if (found.deviations().isEmpty()) {
      shell().say("all " + found.nodes() + " nodes have the lists of the policy");
      return ExitCode.OK;
    }
    String what = "give " + found.deviations().size() + " of " + found.nodes()
        + " nodes the list of the policy";
    if (!consent.isGiven(shell(), what)) {
      return ExitCode.OK;
    }
    AccessControl.Survey applied = access.apply();
    shell()
        .say(applied.changed() + " nodes changed, " + applied.deviations().size() + " not changed");
    return notChanged(applied);
  }
}
