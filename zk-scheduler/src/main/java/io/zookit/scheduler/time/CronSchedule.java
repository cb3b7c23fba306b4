package io.zookit.scheduler.time;

import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cron expression in a time zone.
 *
 * <p>Six or seven fields in Quartz' syntax: second, minute, hour, day of month, month, day of week, year. One of the two
 * day fields is {@code ?}. Lists, ranges (which may wrap), steps, names, {@code L}, {@code L-3}, {@code LW}, {@code
 * 15W}, {@code 6L} and {@code 6#3} are understood.
 *
 * <p>Five fields are a Unix expression: minute, hour, day of month, month, day of week, at second 0. Sunday is 0 or 7. If both
 * day fields are restricted, the days of either count.
 *
 * <p>When the clocks change, an expression that lists its hours ({@code 0 30 2 * * ?}) means one run a day: by default a
 * time in the gap runs when the clocks have gone forward, and a time that comes twice runs at the first. An expression
 * with a wildcard, range or step of hours means a rhythm: it runs through both passes of a repeated hour, and nothing is
 * added for a missing one. Either default can be replaced by a policy.
 */
public final class CronSchedule implements Schedule {

  /** The last year in which anything is scheduled. */
  public static final int LAST_YEAR = 2199;

  private final String expression;
  private final ZoneId zone;
  private final @Nullable GapPolicy gap;
  private final @Nullable FoldPolicy fold;
  private final DaysOff daysOff;
  private final CronFields fields;

  private CronSchedule(
      String expression,
      ZoneId zone,
      @Nullable GapPolicy gap,
      @Nullable FoldPolicy fold,
      DaysOff daysOff) {
    this.expression = expression;
    this.zone = zone;
    this.gap = gap;
    this.fold = fold;
    this.daysOff = daysOff;
    this.fields = CronParser.parse(expression);
  }

  /** An expression with the default policies. */
  public static CronSchedule of(String expression, ZoneId zone) {
    return new CronSchedule(expression, zone, null, null, DaysOff.none());
  }

  /** A copy with another policy for local times that do not exist. */
  public CronSchedule inGap(GapPolicy policy) {
    return new CronSchedule(expression, zone, policy, fold, daysOff).requireSlots();
  }

  /** A copy with another policy for local times that come twice. */
  public CronSchedule inFold(FoldPolicy policy) {
    return new CronSchedule(expression, zone, gap, policy, daysOff);
  }

  /**
   * Returns a copy without the slots of these days.
   *
   * @throws IllegalArgumentException if no slot would be left
   */
  public CronSchedule except(DaysOff days) {
    return new CronSchedule(expression, zone, gap, fold, days).requireSlots();
  }

  /** The expression as it was given. */
  public String expression() {
    return expression;
  }

  /** The time zone. */
  public ZoneId zone() {
    return zone;
  }

  /** The policy for local times that do not exist, if it is not the default. */
  public Optional<GapPolicy> gap() {
    return Optional.ofNullable(gap);
  }

  /** The policy for local times that come twice, if it is not the default. */
  public Optional<FoldPolicy> fold() {
    return Optional.ofNullable(fold);
  }

  /** The days without slots. */
  public DaysOff daysOff() {
    return daysOff;
  }

  @Override
  public Optional<Slot> next(Instant after) {
    if (!after.isBefore(Periods.END)) {
      return Optional.empty();
    }
    Instant from = after.isBefore(Instant.EPOCH)
        ? Instant.EPOCH
        : after.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    ZoneWalk walk = new ZoneWalk(fields, zone.getRules(), effectiveGap(), effectiveFold());
    Optional<Slot> slot = walk.nextOrSame(from);
    while (slot.isPresent() && daysOff.contains(slot.get().label().toLocalDate())) {
      slot = walk.nextOrSame(afterDayOf(slot.get()));
    }
    return slot.filter(found -> found.instant().isBefore(Periods.END));
  }

  /** The earliest instant that can hold a slot of the day after; all slots between are of the day that is off. */
  private Instant afterDayOf(Slot slot) {
    Instant midnight = slot.label().toLocalDate().plusDays(1).atStartOfDay(zone).toInstant();
    Instant next = slot.instant().plusSeconds(1);
    return midnight.isAfter(next) ? midnight : next;
  }

  private GapPolicy effectiveGap() {
    if (gap != null) {
      return gap;
    }
    return fields.fixedHours() ? GapPolicy.RUN_AT_TRANSITION : GapPolicy.SKIP;
  }

  private FoldPolicy effectiveFold() {
    if (fold != null) {
      return fold;
    }
    return fields.fixedHours() ? FoldPolicy.FIRST : FoldPolicy.BOTH;
  }

  private CronSchedule requireSlots() {
    if (next(Instant.EPOCH.minusSeconds(1)).isEmpty()) {
      throw new IllegalArgumentException(this + " never fires from 1970 to " + LAST_YEAR);
    }
    return this;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CronSchedule that
        && expression.equals(that.expression)
        && zone.equals(that.zone)
        && gap == that.gap
        && fold == that.fold
        && daysOff.equals(that.daysOff);
  }

  @Override
  public int hashCode() {
    return Objects.hash(expression, zone, gap, fold, daysOff);
  }

  @Override
  public String toString() {
    return "cron \"" + expression + "\" in " + zone + (daysOff.isEmpty() ? "" : " with days off");
  }
}
