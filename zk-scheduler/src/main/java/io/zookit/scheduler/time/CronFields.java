package io.zookit.scheduler.time;

import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.YearMonth;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * A parsed cron expression: a grid of local times, without any zone.
 *
 * @param seconds bits 0 to 59
 * @param minutes bits 0 to 59
 * @param hours bits 0 to 23
 * @param fixedHours whether the hours were listed one by one, not as a wildcard, range or step
 * @param months bits 1 to 12
 * @param days what the two day fields mean together
 * @param years the years, none for all
 */
record CronFields(
    long seconds,
    long minutes,
    long hours,
    boolean fixedHours,
    long months,
    List<DayRule> days,
    BitSet years) {

  private static final int NONE = -1;

  /** The first time of the grid that is not before a time of whole seconds. */
  Optional<LocalDateTime> nextOrSame(LocalDateTime from) {
    YearMonth month = YearMonth.from(from);
    int day = from.getDayOfMonth();
    LocalTime time = from.toLocalTime();
    while (month.getYear() <= CronSchedule.LAST_YEAR) {
      if (allows(month)) {
        long left = daysIn(month) & -(1L << day);
        for (; left != 0; left &= left - 1) {
          int candidate = Long.numberOfTrailingZeros(left);
          int second = nextSecond(candidate == day ? time : LocalTime.MIN);
          if (second != NONE) {
            return Optional.of(
                LocalDateTime.of(month.atDay(candidate), LocalTime.ofSecondOfDay(second)));
          }
        }
      }
      month = month.plusMonths(1);
      day = 0;
    }
    return Optional.empty();
  }

  private boolean allows(YearMonth month) {
    return (months & 1L << month.getMonthValue()) != 0
        && (years.isEmpty() || years.get(month.getYear()));
  }

  private long daysIn(YearMonth month) {
    long bits = 0;
    for (DayRule rule : days) {
      bits |= rule.in(month);
    }
    return bits;
  }

  /** The first second of the day that is not before a time of whole seconds, or none. */
  private int nextSecond(LocalTime from) {
    int start = from.toSecondOfDay();
    int hour = next(hours, start / 3600);
    if (hour == NONE) {
      return NONE;
    }
    int minute = hour == start / 3600 ? next(minutes, start / 60 % 60) : first(minutes);
    boolean sameMinute = hour == start / 3600 && minute == start / 60 % 60;
    int second = sameMinute ? next(seconds, start % 60) : first(seconds);
    if (second == NONE) {
      minute = next(minutes, minute + 1);
      second = first(seconds);
    }
    if (minute == NONE) {
      hour = next(hours, hour + 1);
      minute = first(minutes);
      second = first(seconds);
    }
    return hour == NONE ? NONE : hour * 3600 + minute * 60 + second;
  }

  private static int first(long bits) {
    return Long.numberOfTrailingZeros(bits);
  }

  private static int next(long bits, int from) {
    long left = from > 63 ? 0 : bits & -(1L << from);
    return left == 0 ? NONE : Long.numberOfTrailingZeros(left);
  }
}
