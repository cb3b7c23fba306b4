package io.zookit.scheduler.time;

import io.zookit.core.internal.path.ZkPath;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads cron expressions: six or seven fields in Quartz' syntax, or the five fields of Unix. */
final class CronParser {

  private static final int MOST_CHARACTERS = 256;
  private static final Map<String, Integer> MONTHS =
      names(1, "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
  private static final Map<String, Integer> WEEKDAYS =
      names(1, "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
  private static final Pattern LAST = Pattern.compile("L(?:-(\\d{1,2}))?(W)?");
  private static final Pattern NEAREST = Pattern.compile("(\\d{1,2})W");
  private static final Pattern NTH = Pattern.compile("(\\d|[A-Z]{3})#(\\d)");
  private static final Pattern LAST_WEEKDAY = Pattern.compile("(\\d|[A-Z]{3})L");

  private static final Pattern BLANKS = Pattern.compile("\\s+");

  /** Many jobs have few expressions: what was parsed is shared. Emptied when it is full of something else. */
  private static final Map<String, CronFields> PARSED = new ConcurrentHashMap<>();

  private static final int MOST_PARSED = 1000;
  private static final LocalDateTime BEGIN = LocalDateTime.of(1970, 1, 1, 0, 0);

  private static final FieldRange SECOND = new FieldRange("second", 0, 59, Map.of());
  private static final FieldRange MINUTE = new FieldRange("minute", 0, 59, Map.of());
  private static final FieldRange HOUR = new FieldRange("hour", 0, 23, Map.of());
  private static final FieldRange DAY = new FieldRange("day of month", 1, 31, Map.of());
  private static final FieldRange MONTH = new FieldRange("month", 1, 12, MONTHS);
  private static final FieldRange WEEKDAY = new FieldRange("day of week", 1, 7, WEEKDAYS);
  private static final FieldRange UNIX_WEEKDAY = new FieldRange(
      "day of week", 0, 7, names(0, "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"));
  private static final FieldRange YEAR =
      new FieldRange("year", 1970, CronSchedule.LAST_YEAR, Map.of());

  private CronParser() {}

  /** The fields of an expression that fires at least once. */
  static CronFields parse(String expression) {
    CronFields known = PARSED.get(expression);
    if (known != null) {
      return known;
    }
    CronFields fields = read(expression);
    if (fields.nextOrSame(BEGIN).isEmpty()) {
      throw new IllegalArgumentException("cron: \"" + ZkPath.printable(expression)
          + "\" never fires from 1970 to " + CronSchedule.LAST_YEAR);
    }
    if (PARSED.size() >= MOST_PARSED) {
      PARSED.clear();
    }
    PARSED.put(expression, fields);
    return fields;
  }

  private static CronFields read(String expression) {
    if (expression.length() > MOST_CHARACTERS) {
      throw new IllegalArgumentException("cron: " + expression.length()
          + " characters (expected: at most " + MOST_CHARACTERS + ")");
    }
    String[] fields = BLANKS.split(expression.strip().toUpperCase(Locale.ROOT), -1);
    if (fields.length == 5) {
      return readUnix(fields);
    }
    if (fields.length < 6 || fields.length > 7) {
      throw new IllegalArgumentException(
          "cron: \"" + ZkPath.printable(expression) + "\" has "
              + (expression.isBlank() ? 0 : fields.length)
              + " fields (expected: second minute hour day month weekday [year], or minute hour day month weekday)");
    }
    return new CronFields(
        SECOND.longBits(fields[0]),
        MINUTE.longBits(fields[1]),
        HOUR.longBits(fields[2]),
        isListed(fields[2]),
        MONTH.longBits(fields[4]),
        days(fields[3], fields[5]),
        fields.length == 6 || fields[6].equals("*") ? new BitSet() : YEAR.bits(fields[6]));
  }

  /** Reads minute, hour, day of month, month, day of week; it fires at second 0. */
  private static CronFields readUnix(String[] fields) {
    return new CronFields(
        1,
        MINUTE.longBits(fields[0]),
        HOUR.longBits(fields[1]),
        isListed(fields[1]),
        MONTH.longBits(fields[3]),
        unixDays(fields[2], fields[4]),
        new BitSet());
  }

  /**
   * Two restricted day fields mean the days of either. One that begins with {@code *} restricts nothing by itself: then
   * only days that are in both count.
   */
  private static List<DayRule> unixDays(String ofMonth, String ofWeek) {
    DayRule days = new DayRule.Days(DAY.longBits(ofMonth));
    long bits = UNIX_WEEKDAY.longBits(ofWeek);
    long sundayIsOne = (bits & 0x7f) << 1 | (bits >>> 7 & 1) << 1;
    DayRule weekdays = new DayRule.Weekdays(sundayIsOne);
    return ofMonth.startsWith("*") || ofWeek.startsWith("*")
        ? List.of(new DayRule.Both(days, weekdays))
        : List.of(days, weekdays);
  }

  /** Returns whether hours are listed individually. */
  private static boolean isListed(String hours) {
    return hours.chars().noneMatch(c -> c == '*' || c == '-' || c == '/');
  }

  private static List<DayRule> days(String ofMonth, String ofWeek) {
    if (ofMonth.equals("?") == ofWeek.equals("?")) {
      throw new IllegalArgumentException(
          "day of month: \"" + ZkPath.printable(ofMonth) + "\", day of week: \""
              + ZkPath.printable(ofWeek) + "\" (expected: exactly one of them is ?)");
    }
    List<DayRule> rules = new ArrayList<>();
    for (String item : items(ofMonth.equals("?") ? ofWeek : ofMonth)) {
      rules.add(ofMonth.equals("?") ? weekday(item) : day(item));
    }
    return List.copyOf(rules);
  }

  private static DayRule day(String item) {
    Matcher last = LAST.matcher(item);
    if (last.matches()) {
      int before = last.group(1) == null ? 0 : Integer.parseInt(last.group(1));
      if (before > 30) {
        throw DAY.refuse(item);
      }
      DayRule rule = new DayRule.FromLast(before);
      return last.group(2) == null ? rule : new DayRule.NearestWorkday(rule);
    }
    Matcher nearest = NEAREST.matcher(item);
    if (nearest.matches()) {
      return new DayRule.NearestWorkday(new DayRule.Days(1L << DAY.value(nearest.group(1), item)));
    }
    return new DayRule.Days(DAY.longBits(item));
  }

  private static DayRule weekday(String item) {
    if (item.equals("L")) {
      return new DayRule.Weekdays(1L << 7);
    }
    Matcher nth = NTH.matcher(item);
    if (nth.matches()) {
      int n = Integer.parseInt(nth.group(2));
      if (n < 1 || n > 5) {
        throw WEEKDAY.refuse(item);
      }
      return new DayRule.Nth(WEEKDAY.value(nth.group(1), item), n);
    }
    Matcher last = LAST_WEEKDAY.matcher(item);
    if (last.matches()) {
      return new DayRule.LastWeekday(WEEKDAY.value(last.group(1), item));
    }
    return new DayRule.Weekdays(WEEKDAY.longBits(item));
  }

  static String[] items(String field) {
    return field.split(",", -1);
  }

  private static Map<String, Integer> names(int first, String... names) {
    Map<String, Integer> numbers = new java.util.HashMap<>();
    for (int i = 0; i < names.length; i++) {
      numbers.put(names[i], first + i);
    }
    return Map.copyOf(numbers);
  }
}
