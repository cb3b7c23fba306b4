package io.zookit.scheduler.time;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.MonthDay;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * A calendar of days on which a cron schedule has no slots: dates, days of every year, days of every week.
 *
 * @param dates single days
 * @param yearly days of every year
 * @param weekly days of every week, not all seven
 */
public record DaysOff(Set<LocalDate> dates, Set<MonthDay> yearly, Set<DayOfWeek> weekly) {

  private static final int MOST_DATES = 1000;
  private static final DaysOff NONE = new DaysOff(Set.of(), Set.of(), Set.of());

  /** Creates a calendar. */
  public DaysOff {
    dates = sorted(dates);
    yearly = sorted(yearly);
    weekly = sorted(weekly);
    if (dates.size() > MOST_DATES) {
      throw new IllegalArgumentException(
          "dates: " + dates.size() + " (expected: at most " + MOST_DATES + ")");
    }
    if (weekly.size() == DayOfWeek.values().length) {
      throw new IllegalArgumentException("weekly: all seven days (expected: at most six)");
    }
  }

  /** No days. */
  public static DaysOff none() {
    return NONE;
  }

  /** These single days. */
  public static DaysOff on(LocalDate... dates) {
    return new DaysOff(Set.of(dates), Set.of(), Set.of());
  }

  /** Saturdays and Sundays. */
  public static DaysOff weekends() {
    return none().andEvery(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY);
  }

  /** A copy with more single days. */
  public DaysOff and(LocalDate... more) {
    return new DaysOff(union(dates, Set.of(more)), yearly, weekly);
  }

  /** A copy with more days of every year. */
  public DaysOff andEvery(MonthDay... more) {
    return new DaysOff(dates, union(yearly, Set.of(more)), weekly);
  }

  /** A copy with more days of every week. */
  public DaysOff andEvery(DayOfWeek... more) {
    return new DaysOff(dates, yearly, union(weekly, Set.of(more)));
  }

  /** Returns whether no day is off. */
  public boolean isEmpty() {
    return dates.isEmpty() && yearly.isEmpty() && weekly.isEmpty();
  }

  /** Returns whether a day is off. */
  public boolean contains(LocalDate day) {
    return dates.contains(day)
        || weekly.contains(day.getDayOfWeek())
        || yearly.contains(MonthDay.from(day));
  }

  private static <T extends Comparable<? super T>> Set<T> union(Set<T> some, Set<T> more) {
    Set<T> all = new TreeSet<>(some);
    all.addAll(more);
    return all;
  }

  private static <T> Set<T> sorted(Collection<T> values) {
    return Collections.unmodifiableSet(new TreeSet<>(values));
  }
}
