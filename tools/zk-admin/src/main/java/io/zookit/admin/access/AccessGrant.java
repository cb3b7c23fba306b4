package io.zookit.admin.access;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.core.AccessControl;
import io.zookit.core.Identity;
import io.zookit.core.ZkClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Gives a role. */
@Command(
    name = "grant",
    description = {
      "Give an identity a role: application, viewer, editor, publisher, operator or admin.",
      "All clients follow at once for what they create; nodes that exist keep their lists until",
      "zookit access apply."
    },
    footer = {
      "  zookit access grant application digest:shop:kfGb3Cr0s7bL5JPwIrJ8mXbnbjY=",
      "  zookit access grant publisher sasl:ana@EXAMPLE.ORG"
    })
final class AccessGrant extends AccessVerb {

  @Parameters(index = "0", paramLabel = "ROLE", description = "The role.")
  private String role = "";

  @Parameters(index = "1", paramLabel = "IDENTITY", description = "Who plays it.")
  private String identity = "";

  AccessGrant(Shell shell) {
    super(shell);
  }

  @Override
  ExitCode run(AccessControl access, ZkClient client) throws InterruptedException {
    Identity who = Identity.parse(identity);
    access.grant(role(role), who);
    shell()
        .say(who + " plays the role " + role(role) + "; nodes that exist keep their lists until"
            + " zookit access apply");
    return ExitCode.OK;
  }
}
