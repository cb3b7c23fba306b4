package io.zookit.admin.job;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.Consent;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.scheduler.JobLedger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Asks a run to end. */
@Command(
    name = "cancel",
    description = "Ask the run of a job that is on to end.",
    footer = "  zookit job cancel nightly-report --yes -m 'it blocks the backup'")
final class JobCancel extends JobChangeVerb {

  @Mixin
  private Consent consent = new Consent();

  JobCancel(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(JobLedger ledger) throws InterruptedException {
    if (view(ledger).running().isEmpty()) {
      throw new CommandException(ExitCode.NOT_FOUND, "job " + job() + ": no run is on");
    }
    if (consent.isGiven(shell(), "cancel the run of job " + job())) {
      shell()
          .say(
              ledger.cancel(job(), reason())
                  ? "the run of job " + job() + " was asked to end"
                  : "the run of job " + job() + " has ended meanwhile");
    }
    return ExitCode.OK;
  }
}
