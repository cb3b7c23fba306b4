package io.zookit.core.time;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads durations from settings and command lines: a whole number with a unit, such as {@code 250ms}, {@code 10s} or
 * {@code 7d}, or ISO 8601, such as {@code PT5S}.
 *
 * <p>The units are {@code ns}, {@code us}, {@code ms}, {@code s}, {@code m}, {@code h} and {@code d}, a day of 24 hours, in
 * either case. One space may separate number and unit.
 */
public final class Durations {

  private static final Pattern WITH_UNIT = Pattern.compile("(-?\\d{1,12}) ?(ns|us|ms|s|m|h|d)");

  private Durations() {}

  /**
   * Reads a duration; spaces around it are ignored.
   *
   * @throws IllegalArgumentException if the text is neither of the two forms, or too long a duration
   */
  public static Duration parse(String text) {
    String plain = text.strip();
    Matcher matcher = WITH_UNIT.matcher(plain.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return parseIso(plain);
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ns" -> Duration.ofNanos(amount);
      case "us" -> Duration.ofNanos(Math.multiplyExact(amount, 1000));
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  private static Duration parseIso(String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "duration: not readable (expected: a number with ns, us, ms, s, m, h or d, or ISO 8601 such as PT5S)",
          e);
    }
  }
}
