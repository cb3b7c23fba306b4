package io.zookit.scheduler.internal.records;

import io.zookit.core.internal.codec.Stored;
import io.zookit.scheduler.time.CronSchedule;
import io.zookit.scheduler.time.DaysOff;
import io.zookit.scheduler.time.FixedDelay;
import io.zookit.scheduler.time.FixedRate;
import io.zookit.scheduler.time.FoldPolicy;
import io.zookit.scheduler.time.GapPolicy;
import io.zookit.scheduler.time.OneShot;
import io.zookit.scheduler.time.Schedule;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A schedule as it is stored: exactly one of the groups of fields is present. */
public record ScheduleRecord(
    @Stored("cron") @Nullable String cron,
    @Stored("zone") @Nullable String zone,
    @Stored("gap") @Nullable GapPolicy gap,
    @Stored("fold") @Nullable FoldPolicy fold,
    @Stored("daysOff") @Nullable List<String> daysOff,
    @Stored("rate") @Nullable Long rate,
    @Stored("start") @Nullable Instant start,
    @Stored("delay") @Nullable Long delay,
    @Stored("once") @Nullable SlotRecord once) {

  public ScheduleRecord {
    int kinds = (cron != null && zone != null ? 1 : 0)
        + (rate != null && start != null ? 1 : 0)
        + (delay != null ? 1 : 0)
        + (once != null ? 1 : 0);
    if (kinds != 1) {
      throw new IllegalArgumentException("schedule: " + kinds + " kinds (expected: one)");
    }
  }

  public static ScheduleRecord of(Schedule schedule) {
    if (schedule instanceof CronSchedule cron) {
      return new ScheduleRecord(
          cron.expression(),
          cron.zone().getId(),
          cron.gap().orElse(null),
          cron.fold().orElse(null),
          cron.daysOff().isEmpty() ? null : write(cron.daysOff()),
          null,
          null,
          null,
          null);
    }
    if (schedule instanceof FixedRate rate) {
      return new ScheduleRecord(
          null, null, null, null, null, rate.period().toMillis(), rate.start(), null, null);
    }
    if (schedule instanceof FixedDelay delay) {
      return new ScheduleRecord(
          null, null, null, null, null, null, null, delay.delay().toMillis(), null);
    }
    SlotRecord slot = SlotRecord.of(((OneShot) schedule).slot());
    return new ScheduleRecord(null, null, null, null, null, null, null, null, slot);
  }

  public Schedule toSchedule() {
    if (cron != null && zone != null) {
      CronSchedule schedule = Schedule.cron(cron, ZoneId.of(zone));
      schedule = gap == null ? schedule : schedule.inGap(gap);
      schedule = fold == null ? schedule : schedule.inFold(fold);
      return daysOff == null ? schedule : schedule.except(read(daysOff));
    }
    if (rate != null && start != null) {
      return new FixedRate(Duration.ofMillis(rate), start);
    }
    if (delay != null) {
      return new FixedDelay(Duration.ofMillis(delay));
    }
    if (once != null) {
      return new OneShot(once.toSlot());
    }
    throw new IllegalStateException("a schedule of no kind");
  }

  private static List<String> write(DaysOff days) {
    return java.util.stream.Stream.of(days.dates(), days.yearly(), days.weekly())
        .flatMap(java.util.Set::stream)
        .map(Object::toString)
        .toList();
  }

  /** A date is {@code 2026-12-24}, a day of every year {@code --12-24}, of every week {@code SUNDAY}. */
  private static DaysOff read(List<String> days) {
    return new DaysOff(
        days.stream()
            .filter(day -> Character.isDigit(day.charAt(0)))
            .map(LocalDate::parse)
            .collect(Collectors.toSet()),
        days.stream()
            .filter(day -> day.startsWith("--"))
            .map(MonthDay::parse)
            .collect(Collectors.toSet()),
        days.stream()
            .filter(day -> Character.isLetter(day.charAt(0)))
            .map(DayOfWeek::valueOf)
            .collect(Collectors.toSet()));
  }
}
