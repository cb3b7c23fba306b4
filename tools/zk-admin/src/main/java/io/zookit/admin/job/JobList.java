package io.zookit.admin.job;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.scheduler.JobLedger;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists jobs. */
@Command(
    name = "list",
    description = "List the jobs: when they are due, what runs, what became of the last run.",
    footer = {"  zookit job list", "  zookit job list nightly -o name"})
final class JobList extends JobVerb {

  @Parameters(paramLabel = "PREFIX", arity = "0..1", description = "What the names begin with.")
  private String prefix = "";

  JobList(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(JobLedger ledger) throws InterruptedException {
    JobLedger.Listing listing = ledger.listing();
    List<JobDocument> jobs = listing.jobs().stream()
        .filter(view -> view.job().name().startsWith(prefix))
        .map(JobDocument::of)
        .toList();
    shell().output().list(jobs, new JobDocument.Lines());
    listing.unreadable().forEach((job, reason) -> {
      if (job.startsWith(prefix)) {
        shell().say("job " + job + ": cannot be read: " + reason);
      }
    });
    return ExitCode.OK;
  }
}
