package io.zookit.admin.access;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.core.AccessControl;
import io.zookit.core.AccessPolicy;
import io.zookit.core.ZkClient;
import picocli.CommandLine.Command;

/** Shows the policy. */
@Command(
    name = "show",
    description = {
      "Show the stored access policy, and how many nodes have another list than it says: such as",
      "were written by older clients, or before the policy was changed."
    },
    footer = {"  zookit access show", "  zookit access show -o json"})
final class AccessShow extends AccessVerb {

  AccessShow(Shell shell) {
    super(shell);
  }

  @Override
  ExitCode run(AccessControl access, ZkClient client) throws InterruptedException {
    AccessPolicy policy = access
        .policy()
        .orElseThrow(() -> new CommandException(
            ExitCode.NOT_FOUND,
            client.root()
                + ": no access policy is stored; each client applies its own (zookit access"
                + " init stores one)"));
    shell()
        .output()
        .show(
            AccessDocument.of(client.root(), policy, access.survey()), new AccessDocument.Lines());
    return ExitCode.OK;
  }
}
