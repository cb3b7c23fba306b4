package io.zookit.admin.job;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.scheduler.JobLedger;
import java.util.List;
import picocli.CommandLine.Command;

/** Lists nodes. */
@Command(
    name = "nodes",
    description = "List the nodes that are connected, and what they can run.",
    footer = "  zookit job nodes")
final class JobNodes extends JobVerb {

  JobNodes(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(JobLedger ledger) throws InterruptedException {
    List<NodeDocument> nodes = ledger.nodes().stream().map(NodeDocument::of).toList();
    shell().output().list(nodes, NodeDocument.LAYOUT);
    return ExitCode.OK;
  }
}
