package io.zookit.admin.job;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.scheduler.JobLedger;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs slots of the past again. */
@Command(
    name = "backfill",
    description = {
      "Run the slots of a job in a range of the past again, oldest first, as if triggered by hand; at most 1000.",
      "Those that wait from an earlier time are not asked for twice."
    },
    footer =
        "  zookit job backfill nightly-report --from 2026-11-01T00:00:00Z --to 2026-11-03T00:00:00Z")
final class JobBackfill extends JobChangeVerb {

  @Option(
      names = "--from",
      required = true,
      paramLabel = "INSTANT",
      converter = InstantWords.class,
      description = "Slots after this.")
  private Instant from = Instant.EPOCH;

  @Option(
      names = "--to",
      paramLabel = "INSTANT",
      converter = InstantWords.class,
      description = "Slots up to this. Default: now.")
  @Nullable
  private Instant to;

  JobBackfill(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(JobLedger ledger) throws InterruptedException {
    Instant end = to == null ? shell().surroundings().timekeeper().now() : to;
    InstantWords.requireOrder(from, end);
    int runs = ledger.backfill(job(), from, end, reason());
    shell().output().show(new BackfillDocument(job(), from, end, runs), BackfillDocument.LAYOUT);
    return ExitCode.OK;
  }
}
