package io.zookit.scheduler.internal.rules;

import io.zookit.scheduler.internal.records.Records.DefRecord;
import io.zookit.scheduler.internal.records.Records.EraRecord;
import io.zookit.scheduler.time.FixedDelay;
import io.zookit.scheduler.time.Schedule;
import io.zookit.scheduler.time.Slot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The slots of a job over all its definitions: each schedule counts from the moment it was defined until the next one
 * was. Pure.
 */
public final class ScheduleTimeline {

  /** A schedule with the slots after {@code since} and not after {@code until}. */
  private record Era(long since, long until, @Nullable Schedule schedule) {}

  private final List<Era> eras = new ArrayList<>();

  public ScheduleTimeline(DefRecord def) {
    List<EraRecord> stored = def.eras();
    for (int i = 0; i < stored.size(); i++) {
      EraRecord era = stored.get(i);
      long until = i + 1 < stored.size() ? stored.get(i + 1).since() : Long.MAX_VALUE;
      Schedule schedule = era.schedule() == null ? null : era.schedule().toSchedule();
      eras.add(new Era(era.since(), until, schedule));
    }
  }

  /** Since when slots are known. */
  public long since() {
    return eras.get(0).since;
  }

  /**
   * The first slot after a moment.
   *
   * @param lastEnd when the last run ended, from which a fixed delay counts
   */
  public Optional<Slot> next(long after, long lastEnd) {
    for (Era era : eras) {
      Schedule schedule = era.schedule;
      if (schedule != null && era.until > after) {
        long base = Math.max(after, era.since);
        if (schedule instanceof FixedDelay) {
          base = Math.max(base, lastEnd);
        }
        Optional<Slot> slot = schedule.next(Instant.ofEpochMilli(base));
        if (slot.isPresent() && slot.get().instant().toEpochMilli() <= era.until) {
          return slot;
        }
      }
    }
    return Optional.empty();
  }

  /** Returns the time from a moment to the next slot; {@link Long#MAX_VALUE} if there is none. */
  public long distance(long after, long lastEnd) {
    return next(after, lastEnd)
        .map(slot -> slot.instant().toEpochMilli() - after)
        .orElse(Long.MAX_VALUE);
  }

  /** Returns the slots after one moment, exclusive, up to another, inclusive; at most {@code most}. */
  public List<Slot> between(long after, long upTo, long lastEnd, int most) {
    List<Slot> slots = new ArrayList<>();
    long at = after;
    while (slots.size() < most) {
      Optional<Slot> next = next(at, lastEnd);
      if (next.isEmpty() || next.get().instant().toEpochMilli() > upTo) {
        break;
      }
      slots.add(next.get());
      at = next.get().instant().toEpochMilli();
    }
    return slots;
  }

  /** Returns whether the schedule in force counts from the ends of runs. */
  public boolean isDelay() {
    return eras.get(eras.size() - 1).schedule instanceof FixedDelay;
  }
}
