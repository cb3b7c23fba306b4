package io.zookit.admin.job;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.scheduler.JobLedger;
import picocli.CommandLine.Command;

/** Stops claims. */
@Command(
    name = "pause",
    description = "Let no slot of a job be run any more; runs that are on go on.",
    footer = "  zookit job pause nightly-report -m 'the warehouse is closed'")
final class JobPause extends JobChangeVerb {

  private static final String STANDARD = "an operator asked for it";

  JobPause(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(JobLedger ledger) throws InterruptedException {
    ledger.pause(job(), reason().isEmpty() ? STANDARD : reason());
    shell().say("job " + job() + " is paused");
    return ExitCode.OK;
  }
}
