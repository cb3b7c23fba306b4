package io.zookit.admin.job;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.scheduler.JobLedger;
import picocli.CommandLine.Command;

/** Allows claims again. */
@Command(
    name = "resume",
    description = "Let the slots of a job be run again; those of the pause are skipped.",
    footer = "  zookit job resume nightly-report -m 'the warehouse is open'")
final class JobResume extends JobChangeVerb {

  JobResume(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(JobLedger ledger) throws InterruptedException {
    ledger.resume(job(), reason());
    shell().say("job " + job() + " goes on");
    return ExitCode.OK;
  }
}
