package io.zookit.scheduler.time;

import java.time.DayOfWeek;
import java.time.YearMonth;

/** One item of a day field: which days of a month it means, as bits 1 to 31. */
sealed interface DayRule {

  long in(YearMonth month);

  /** These days of the month, where they exist. */
  record Days(long bits) implements DayRule {
    @Override
    public long in(YearMonth month) {
      return bits & allOf(month);
    }
  }

  /** These days of the week, bits 1 (Sunday) to 7. */
  record Weekdays(long bits) implements DayRule {
    @Override
    public long in(YearMonth month) {
      long days = 0;
      int weekday = sundayFirst(month.atDay(1).getDayOfWeek());
      for (int day = 1; day <= month.lengthOfMonth(); day++) {
        if ((bits & 1L << weekday) != 0) {
          days |= 1L << day;
        }
        weekday = weekday % 7 + 1;
      }
      return days;
    }
  }

  /** The days that two rules mean. */
  record Both(DayRule one, DayRule other) implements DayRule {
    @Override
    public long in(YearMonth month) {
      return one.in(month) & other.in(month);
    }
  }

  /** A number of days before the last day of the month. */
  record FromLast(int before) implements DayRule {
    @Override
    public long in(YearMonth month) {
      int day = month.lengthOfMonth() - before;
      return day < 1 ? 0 : 1L << day;
    }
  }

  /** The weekday (Monday to Friday) nearest to what another rule means, within the month. */
  record NearestWorkday(DayRule of) implements DayRule {
    @Override
    public long in(YearMonth month) {
      long days = of.in(month);
      if (days == 0) {
        return 0;
      }
      int day = Long.numberOfTrailingZeros(days);
      DayOfWeek weekday = month.atDay(day).getDayOfWeek();
      if (weekday == DayOfWeek.SATURDAY) {
        return 1L << (day == 1 ? 3 : day - 1);
      }
      if (weekday == DayOfWeek.SUNDAY) {
        return 1L << (day == month.lengthOfMonth() ? day - 2 : day + 1);
      }
      return days;
    }
  }

  /** The n-th such day of the week. */
  record Nth(int weekday, int n) implements DayRule {
    @Override
    public long in(YearMonth month) {
      int day = first(month, weekday) + 7 * (n - 1);
      return day > month.lengthOfMonth() ? 0 : 1L << day;
    }
  }

  /** The last such day of the week. */
  record LastWeekday(int weekday) implements DayRule {
    @Override
    public long in(YearMonth month) {
      int first = first(month, weekday);
      return 1L << (first + (month.lengthOfMonth() - first) / 7 * 7);
    }
  }

  private static int first(YearMonth month, int weekday) {
    return 1 + Math.floorMod(weekday - sundayFirst(month.atDay(1).getDayOfWeek()), 7);
  }

  private static long allOf(YearMonth month) {
    return (1L << (month.lengthOfMonth() + 1)) - 2;
  }

  /** Sunday is 1, as in cron expressions. */
  private static int sundayFirst(DayOfWeek day) {
    return day.getValue() % 7 + 1;
  }
}
