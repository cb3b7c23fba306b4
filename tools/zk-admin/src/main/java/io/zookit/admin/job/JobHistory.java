package io.zookit.admin.job;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.scheduler.JobLedger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists slots, manual runs, and what became of them. */
@Command(
    name = "history",
    description = {
      "List the newest slots of a job and its manual runs, newest first, with what became of each.",
      "Slots that were skipped have the reason. Node, times and error are known of the last 20 ends of runs."
    },
    footer = {
      "  zookit job history nightly-report",
      "  zookit job history nightly-report -n 200 -o json"
    })
final class JobHistory extends OneJobVerb {

  @Option(names = "-n", paramLabel = "N", description = "How many, at most 1000. Default: 20.")
  private int count = 20;

  JobHistory(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(JobLedger ledger) throws InterruptedException {
    shell()
        .output()
        .list(
            SlotHistoryDocument.join(
                job(), ledger.slots(job(), count), ledger.history(job()), count),
            SlotHistoryDocument.LAYOUT);
    return ExitCode.OK;
  }
}
