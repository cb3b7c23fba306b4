package io.zookit.admin.job;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.scheduler.JobLedger;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists slots to come. */
@Command(
    name = "next",
    description = "List the next slots of a job, and what a change of clocks makes of them.",
    footer = {"  zookit job next nightly-report", "  zookit job next nightly-report -n 400 -o json"
    })
final class JobNext extends OneJobVerb {

  @Option(names = "-n", paramLabel = "N", description = "How many. Default: 10.")
  private int count = 10;

  JobNext(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(JobLedger ledger) throws InterruptedException {
    List<SlotDocument> slots =
        ledger.next(job(), count).stream().map(SlotDocument::of).toList();
    shell().output().list(slots, SlotDocument.LAYOUT);
    return ExitCode.OK;
  }
}
