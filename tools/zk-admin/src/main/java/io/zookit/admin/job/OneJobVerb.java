package io.zookit.admin.job;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.scheduler.JobLedger;
import io.zookit.scheduler.JobView;
import picocli.CommandLine.Parameters;

/** A command about one job. */
abstract class OneJobVerb extends JobVerb {

  @Parameters(index = "0", paramLabel = "JOB", description = "The name of the job.")
  private String job = "";

  OneJobVerb(Shell shell) {
    super(shell);
  }

  /** The name of the one it is about. */
  final String job() {
    return job;
  }

  /** The one it is about. */
  final JobView view(JobLedger ledger) throws InterruptedException {
    return ledger
        .find(job)
        .orElseThrow(
            () -> new CommandException(ExitCode.NOT_FOUND, "job " + job + " is not defined"));
  }
}
