package io.zookit.scheduler.time;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Optional;

/**
 * One slot and no more.
 *
 * @param slot the slot
 */
public record OneShot(Slot slot) implements Schedule {

  /** Creates a schedule. */
  public OneShot {
    Periods.requireInRange("instant", slot.instant());
  }

  /**
   * Returns a schedule with one slot at a local time.
   *
   * @throws IllegalArgumentException if the time does not exist and is to be skipped, or is to be run twice
   */
  public static OneShot at(LocalDateTime time, ZoneId zone, GapPolicy gap, FoldPolicy fold) {
    ZoneRules rules = zone.getRules();
    List<ZoneOffset> offsets = rules.getValidOffsets(time);
    if (offsets.size() == 1) {
      return new OneShot(new Slot(time.toInstant(offsets.get(0)), time, 0));
    }
    ZoneOffsetTransition transition = rules.getTransition(time);
    if (offsets.isEmpty()) {
      return new OneShot(new Slot(inGap(time, zone, transition, gap), time, 0));
    }
    return switch (fold) {
      case FIRST -> new OneShot(new Slot(time.toInstant(offsets.get(0)), time, 0));
      case LAST -> new OneShot(new Slot(time.toInstant(offsets.get(1)), time, 1));
      case BOTH ->
        throw new IllegalArgumentException("fold: BOTH (expected: FIRST or LAST for one shot)");
    };
  }

  private static Instant inGap(
      LocalDateTime time, ZoneId zone, ZoneOffsetTransition transition, GapPolicy gap) {
    return switch (gap) {
      case RUN_AT_TRANSITION -> transition.getInstant();
      case SHIFT -> time.toInstant(transition.getOffsetBefore());
      case SKIP ->
        throw new IllegalArgumentException(
            "time: " + time + " does not exist in " + zone + ", it would never fire");
    };
  }

  @Override
  public Optional<Slot> next(Instant after) {
    return slot.instant().isAfter(after) ? Optional.of(slot) : Optional.empty();
  }
}
