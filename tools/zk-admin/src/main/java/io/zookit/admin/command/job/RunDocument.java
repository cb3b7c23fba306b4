package io.zookit.admin.command.job;

import io.zookit.admin.output.Cell;
import io.zookit.admin.output.Column;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Style;
import io.zookit.scheduler.RunRecord;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The end of a run as programs see it.
 *
 * @param slot the tick, by its local time
 * @param fold 1 for the second of two equal local times, else 0
 * @param due the tick as an instant
 * @param fate ran, failed, timed_out, skipped, missed or orphaned
 * @param error what was thrown; null when nothing
 */
record RunDocument(
    String job,
    String id,
    String slot,
    int fold,
    Instant due,
    boolean manual,
    String node,
    int attempt,
    Instant start,
    Instant end,
    Duration duration,
    String fate,
    boolean overlapSuspected,
    @Nullable String error) {

  static final Layout<RunDocument> LAYOUT = Layout.of(
      RunDocument::id,
      Column.of(
          "SLOT", run -> DisplayText.withSeconds(run.slot) + (run.fold == 1 ? " (second)" : "")),
      new Column<>("FATE", RunDocument::colored),
      Column.of("NODE", RunDocument::node),
      Column.of("ATTEMPT", RunDocument::attempt),
      Column.of("START", run -> DisplayText.seconds(run.start)),
      Column.of("TOOK", run -> run.duration.toMillis() + " ms"),
      Column.of("BY HAND", run -> run.manual ? "yes" : ""),
      new Column<>("ERROR", run -> new Cell(run.error == null ? "" : run.error, Style.BAD)));

  static RunDocument of(RunRecord run) {
    return new RunDocument(
        run.job(),
        run.id(),
        run.slot().label().toString(),
        run.slot().fold(),
        run.slot().instant(),
        run.manual(),
        run.node(),
        run.attempt(),
        run.start(),
        run.end(),
        run.duration(),
        DisplayText.of(run.outcome()),
        run.overlapSuspected(),
        run.error());
  }

  static Cell colored(RunDocument run) {
    return new Cell(run.fate, run.fate.equals("ran") ? Style.GOOD : Style.BAD);
  }
}
