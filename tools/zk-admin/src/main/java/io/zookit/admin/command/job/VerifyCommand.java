package io.zookit.admin.command.job;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Style;
import io.zookit.scheduler.Verification;
import io.zookit.scheduler.history.JsonLinesHistory;
import io.zookit.scheduler.time.Slot;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
final class VerifyCommand implements Callable<ExitCode> {

  private static final Duration DAY = Duration.ofDays(1);

  private final JobCommand jobs;

  @Mixin
  private JobReadCommands.JobArgument job = new JobReadCommands.JobArgument();

  @Option(
      names = "--from",
      paramLabel = "INSTANT",
      converter = JobCommand.InstantConverter.class,
      description = "Slots after this. Default: 24 hours before --to.")
  @Nullable
  private Instant from;

  @Option(
      names = "--to",
      paramLabel = "INSTANT",
      converter = JobCommand.InstantConverter.class,
      description = "Slots up to this. Default: now.")
  @Nullable
  private Instant to;

  @Option(
      names = "--history",
      paramLabel = "FILE",
      description =
          "Where a node kept the ends of runs: its file of JSON lines, with the full ones next to it,"
              + " or a folder of such files. Can be repeated.")
  private List<Path> histories = new ArrayList<>();

  VerifyCommand(JobCommand jobs) {
    this.jobs = jobs;
  }

  @Override
  public ExitCode call() throws InterruptedException {
    CommandContext context = jobs.context();
    AtomicBoolean clean = new AtomicBoolean();
    jobs.withLedger(ledger -> {
      Instant end = to == null ? context.environment().timekeeper().now() : to;
      Instant begin = from == null ? end.minus(DAY) : from;
      JobCommand.requireOrder(begin, end);
      List<JsonLinesHistory> sinks = new HistoryFiles(context).open(histories);
      VerificationDocument verified =
          VerificationDocument.of(ledger.verify(job.name(), begin, end, sinks));
      clean.set(verified.clean);
      context.output().show(verified, VerificationDocument.LAYOUT);
    });
    return clean.get() ? ExitCode.OK : ExitCode.REJECTED;
  }

  /**
   * A verification as programs see it.
   *
   * @param clean whether each known slot has exactly one fate
   * @param complete whether the whole range is known
   * @param knownFrom where the ledger's knowledge begins
   * @param slots how many there are in the known part
   * @param fates how many of them have which fate
   * @param pending how many wait for their turn or their end
   */
  record VerificationDocument(
      String job,
      Instant from,
      Instant to,
      boolean clean,
      boolean complete,
      Instant knownFrom,
      long slots,
      Map<String, Long> fates,
      long pending,
      List<String> gaps,
      List<String> duplicates,
      List<RunDocument> suspectedOverlaps) {

    static final Layout<VerificationDocument> LAYOUT = Layout.of(
        VerificationDocument::job,
        Column.of("JOB", VerificationDocument::job),
        new Column<>("RESULT", VerificationDocument::result),
        Column.of("KNOWN FROM", each -> DisplayText.seconds(each.knownFrom)),
        Column.of("SLOTS", VerificationDocument::slots),
        Column.of("FATES", each -> DisplayText.map(each.fates)),
        Column.of("PENDING", VerificationDocument::pending),
        Column.of("GAPS", each -> String.join(", ", each.gaps)),
        Column.of("DUPLICATES", each -> String.join(", ", each.duplicates)),
        Column.of("SUSPECTED OVERLAPS", each -> each.suspectedOverlaps.size()));

    static VerificationDocument of(Verification found) {
      return new VerificationDocument(
          found.job(),
          found.from(),
          found.to(),
          found.isClean(),
          found.isComplete(),
          found.knownFrom(),
          found.slots(),
          new TreeMap<>(found.outcomes()),
          found.pending(),
          found.gaps().stream().map(Slot::toString).toList(),
          found.duplicates().stream().map(Slot::toString).toList(),
          found.suspectedOverlaps().stream().map(RunDocument::of).toList());
    }

    private static Cell result(VerificationDocument each) {
      if (!each.clean) {
        return new Cell("not one fate per slot", Style.BAD);
      }
      return each.complete
          ? new Cell("one fate per slot", Style.GOOD)
          : new Cell("one fate per slot, as far as is known", Style.ODD);
    }
  }
}
