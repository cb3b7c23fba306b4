package io.zookit.admin.job;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.scheduler.JobLedger;
import java.util.List;
import picocli.CommandLine.Command;

/** Lists the ends of runs. */
@Command(
    name = "history",
    description = "List the last ends of runs of a job, newest first; ZooKeeper has at most 20.",
    footer = {"  zookit job history nightly-report", "  zookit job history nightly-report -o json"})
final class JobHistory extends OneJobVerb {

  JobHistory(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(JobLedger ledger) throws InterruptedException {
    List<RunDocument> runs = ledger.history(job()).stream().map(RunDocument::of).toList();
    shell().output().list(runs, RunDocument.LAYOUT);
    return ExitCode.OK;
  }
}
