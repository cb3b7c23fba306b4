package io.zookit.admin.lock;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.zookit.admin.shell.Cell;
import io.zookit.admin.shell.Column;
import io.zookit.admin.shell.Layout;
import io.zookit.admin.shell.Tone;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * The state of a lock after a change to it.
 *
 * @param at the time at which this program learned of the change
 * @param lock the lock, its fields unwrapped next to {@code at}
 */
record LockMoment(Instant at, @JsonUnwrapped LockDocument lock) {

  /** Layout of a change, one line each. */
  record Line(LockLayout layout) implements Layout<LockMoment> {

    @Override
    public String name(LockMoment moment) {
      return layout.name(moment.lock);
    }

    @Override
    public List<Column<LockMoment>> columns() {
      return List.of();
    }

    @Override
    public List<Cell> line(LockMoment moment) {
      LockDocument lock = moment.lock;
      List<Cell> line = new ArrayList<>();
      line.add(new Cell(moment.at.truncatedTo(ChronoUnit.SECONDS).toString(), Tone.FAINT));
      line.add(Cell.of(lock.name()));
      line.add(
          lock.holders().isEmpty()
              ? Cell.of("free")
              : new Cell("held by " + lock.heldBy(), Tone.GOOD));
      if (lock.waiting() > 0) {
        line.add(Cell.of(lock.waiting() + " waiting"));
      }
      lock.holders().stream()
          .flatMap(holder -> java.util.Optional.ofNullable(holder.revoke()).stream())
          .distinct()
          .forEach(reason -> line.add(new Cell("asked back: " + reason, Tone.ODD)));
      return line;
    }
  }
}
