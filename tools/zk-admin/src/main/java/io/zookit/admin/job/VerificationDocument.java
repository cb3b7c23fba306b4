package io.zookit.admin.job;

import io.zookit.admin.shell.Cell;
import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Tone;
import io.zookit.scheduler.Verification;
import io.zookit.scheduler.time.Slot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
      Column.of("KNOWN FROM", each -> RunDocument.seconds(each.knownFrom)),
      Column.of("SLOTS", VerificationDocument::slots),
      Column.of("FATES", each -> each.fates.isEmpty() ? "" : each.fates),
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
      return new Cell("not one fate per slot", Tone.BAD);
    }
    return each.complete
        ? new Cell("one fate per slot", Tone.GOOD)
        : new Cell("one fate per slot, as far as is known", Tone.ODD);
  }
}
