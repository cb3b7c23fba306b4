package io.zookit.admin.job;

import io.zookit.admin.shell.Consent;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.scheduler.JobLedger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Deletes a job. */
@Command(
    name = "delete",
    description =
        "Delete a job. Its ledger stays, so that no job of the same name runs the old slots.",
    footer = "  zookit job delete nightly-report --yes -m 'replaced by weekly-report'")
final class JobDelete extends JobChangeVerb {

  @Mixin
  private Consent consent = new Consent();

  JobDelete(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(JobLedger ledger) throws InterruptedException {
    view(ledger);
    if (consent.isGiven(shell(), "delete job " + job())) {
      ledger.delete(job(), reason());
      shell().say("job " + job() + " is deleted");
    }
    return ExitCode.OK;
  }
}
