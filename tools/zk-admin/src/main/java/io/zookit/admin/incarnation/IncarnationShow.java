package io.zookit.admin.incarnation;

import io.zookit.admin.shell.ClusterVerb;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.core.ZkClient;
import picocli.CommandLine.Command;

/** Shows the incarnation. */
@Command(
    name = "show",
    description = "Show the number that comes first in every fencing token given now.",
    footer = {"  zookit incarnation show", "  zookit incarnation show -o name"})
final class IncarnationShow extends ClusterVerb {

  IncarnationShow(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ZkClient client) {
    shell()
        .output()
        .show(
            IncarnationDocument.of(client.incarnation(), client), new IncarnationDocument.Lines());
    return ExitCode.OK;
  }
}
