package io.zookit.admin.job;

import io.zookit.admin.shell.Cell;
import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Tone;
import io.zookit.scheduler.NextRun;
import java.time.Instant;

/**
 * A slot to come as programs see it.
 *
 * @param slot by its local time
 * @param fold 1 for the second of two equal local times, else 0
 * @param due when it will be run, jitter included
 * @param note what the change of clocks makes of it; empty when nothing
 */
record SlotDocument(String slot, int fold, Instant due, String note) {

  static final Layout<SlotDocument> LAYOUT = Layout.of(
      SlotDocument::slot,
      Column.of("SLOT", slot -> slot.slot + (slot.fold == 1 ? " (second)" : "")),
      Column.of("DUE", SlotDocument::due),
      new Column<>("NOTE", slot -> new Cell(slot.note, Tone.ODD)));

  static SlotDocument of(NextRun next) {
    return new SlotDocument(
        next.slot().label().toString(), next.slot().fold(), next.due(), next.note());
  }
}
