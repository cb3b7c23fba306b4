package io.zookit.admin.access;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.core.AccessControl;
import io.zookit.core.Identity;
import io.zookit.core.Role;
import io.zookit.core.ZkClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes a role. */
@Command(
    name = "revoke",
    description = {
      "Take a role from an identity. Nodes that exist keep their lists until zookit access apply."
    },
    footer = {"  zookit access revoke publisher sasl:ana@EXAMPLE.ORG"})
final class AccessRevoke extends AccessVerb {

  @Parameters(index = "0", paramLabel = "ROLE", description = "The role.")
  private String role = "";

  @Parameters(index = "1", paramLabel = "IDENTITY", description = "Who plays it no more.")
  private String identity = "";

  @Option(
      names = "--yes-lock-me-out",
      description =
          "Also if the identity that connects here, or every identity, is not an admin afterwards.")
  private boolean lockOut;

  AccessRevoke(Shell shell) {
    super(shell);
  }

  @Override
  ExitCode run(AccessControl access, ZkClient client) throws InterruptedException {
    Identity who = Identity.parse(identity);
    Role from = role(role);
    boolean plays = access
        .policy()
        .filter(policy -> policy.identitiesOf(from).contains(who))
        .isPresent();
    if (!plays) {
      throw new CommandException(ExitCode.NOT_FOUND, who + " does not play the role " + from);
    }
    (lockOut ? access.allowingLockOut() : access).revoke(from, who);
    shell()
        .say(who + " does not play the role " + from
            + " any more; nodes that exist keep their lists until zookit access apply");
    return ExitCode.OK;
  }
}
