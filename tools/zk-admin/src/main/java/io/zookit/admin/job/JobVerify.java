package io.zookit.admin.job;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.scheduler.JobLedger;
import io.zookit.scheduler.history.JsonLinesHistory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Proves that each slot has one fate. */
@Command(
    name = "verify",
    description = {
      "Say whether each slot of a job in a range of time has exactly one fate.",
      "Not known is what lies before the ledger's reach; it says from when it knows.",
      "With --history it goes further back; a slot of which nodes kept no run may have been skipped: it is UNKNOWN."
    },
    footer = {
      "  zookit job verify nightly-report --from 2026-11-01T00:00:00Z --to 2026-11-20T00:00:00Z",
      "  zookit job verify nightly-report            the last 24 hours",
      "  zookit job verify nightly-report --from 2026-01-01T00:00:00Z --history /var/lib/shop/runs"
    })
final class JobVerify extends OneJobVerb {

  private static final Duration DAY = Duration.ofDays(1);

  @Option(
      names = "--from",
      paramLabel = "INSTANT",
      converter = InstantWords.class,
      description = "Slots after this. Default: 24 hours before --to.")
  @Nullable
  private Instant from;

  @Option(
      names = "--to",
      paramLabel = "INSTANT",
      converter = InstantWords.class,
      description = "Slots up to this. Default: now.")
  @Nullable
  private Instant to;

  @Option(
      names = "--history",
      paramLabel = "FILE",
      description =
          "Where a node kept the ends of runs: its file of JSON lines, with the full ones beside it,"
              + " or a folder of such files. Can be repeated.")
  private List<Path> histories = new ArrayList<>();

  JobVerify(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(JobLedger ledger) throws InterruptedException {
    Instant end = to == null ? shell().surroundings().timekeeper().now() : to;
    Instant begin = from == null ? end.minus(DAY) : from;
    InstantWords.requireOrder(begin, end);
    List<JsonLinesHistory> sinks = new HistoryFiles(shell()).open(histories);
    VerificationDocument verified =
        VerificationDocument.of(ledger.verify(job(), begin, end, sinks));
    shell().output().show(verified, VerificationDocument.LAYOUT);
    return verified.clean() ? ExitCode.OK : ExitCode.REJECTED;
  }
}
