package io.zookit.admin.command.job;

import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Style;
import io.zookit.scheduler.RunRecord;
import io.zookit.scheduler.SlotReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A slot of a job, or a manual run, and what became of it, as programs see it. What is known of its run is null if it was not
 * run, or if the ledger no longer holds the end of the run.
 *
 * @param slot its local time
 * @param fold 1 for the second of two equal local times, else 0
 * @param due the slot as an instant
 * @param fate ran, failed, timed_out, skipped, missed, orphaned or pending
 * @param reason why it was skipped; null if it was not
 * @param manual whether it was triggered manually
 * @param error the exception of the run; null for none
 */
record SlotHistoryDocument(
    String job,
    String slot,
    int fold,
    Instant due,
    String fate,
    @Nullable String reason,
    boolean manual,
    @Nullable String id,
    @Nullable String node,
    @Nullable Integer attempt,
    @Nullable Instant start,
    @Nullable Instant end,
    @Nullable Duration duration,
    boolean overlapSuspected,
    @Nullable String error) {

  static final Layout<SlotHistoryDocument> LAYOUT = Layout.of(
      row -> row.id == null ? row.slot : row.id,
      Column.of(
          "SLOT", row -> DisplayText.withSeconds(row.slot) + (row.fold == 1 ? " (second)" : "")),
      new Column<>("FATE", SlotHistoryDocument::colored),
      Column.of("NODE", row -> DisplayText.orBlank(row.node)),
      Column.of("ATTEMPT", row -> DisplayText.orBlank(row.attempt)),
      Column.of("START", row -> DisplayText.secondsOrBlank(row.start)),
      Column.of("TOOK", row -> row.duration == null ? "" : row.duration.toMillis() + " ms"),
      Column.of("BY HAND", row -> row.manual ? "yes" : ""),
      new Column<>("ERROR", row -> new Cell(DisplayText.orBlank(row.error), Style.BAD)));

  /**
   * Joins the slots of a job with the ends of its runs.
   *
   * @param most the greatest number of rows
   * @return the newest, newest first
   */
  static List<SlotHistoryDocument> join(
      String job, List<SlotReport> slots, List<RunRecord> ends, int most) {
    List<SlotHistoryDocument> rows = new ArrayList<>();
    Set<Instant> ended = new HashSet<>();
    for (RunRecord run : ends) {
      rows.add(of(run));
      if (!run.manual()) {
        ended.add(run.slot().instant());
      }
    }
    for (SlotReport slot : slots) {
      if (!ended.contains(slot.slot().instant())) {
        rows.add(of(job, slot));
      }
    }
    rows.sort(
        Comparator.comparing(SlotHistoryDocument::due).reversed()); // equal ones stay in order
    return rows.subList(0, Math.min(most, rows.size()));
  }

  private static SlotHistoryDocument of(RunRecord run) {
    return new SlotHistoryDocument(
        run.job(),
        run.slot().label().toString(),
        run.slot().fold(),
        run.slot().instant(),
        DisplayText.of(run.outcome()),
        null,
        run.manual(),
        run.id(),
        run.node(),
        run.attempt(),
        run.start(),
        run.end(),
        run.duration(),
        run.overlapSuspected(),
        run.error());
  }

  private static SlotHistoryDocument of(String job, SlotReport report) {
    return new SlotHistoryDocument(
        job,
        report.slot().label().toString(),
        report.slot().fold(),
        report.slot().instant(),
        report.outcome().map(DisplayText::of).orElse("pending"),
        report.reason().map(DisplayText::of).orElse(null),
        false,
        null,
        null,
        null,
        null,
        null,
        null,
        false,
        null);
  }

  private static Cell colored(SlotHistoryDocument row) {
    Style style = switch (row.fate) {
      case "ran" -> Style.GOOD;
      case "pending" -> Style.ODD;
      default -> Style.BAD;
    };
    return new Cell(row.reason == null ? row.fate : row.fate + " (" + row.reason + ")", style);
  }
}
