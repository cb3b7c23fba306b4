package io.zookit.admin.job;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.scheduler.JobLedger;
import picocli.CommandLine.Command;

/** Shows a job. */
@Command(
    name = "show",
    description = "Show a job: its definition, what runs, how it stands.",
    footer = {"  zookit job show nightly-report", "  zookit job show nightly-report -o json"})
final class JobShow extends OneJobVerb {

  JobShow(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(JobLedger ledger) throws InterruptedException {
    shell().output().show(JobDocument.of(view(ledger)), new JobDocument.Lines());
    return ExitCode.OK;
  }
}
