package io.zookit.admin.output;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Formats constants, optional values and lists as text. */
public final class DisplayText {

  /** The most characters of a text on a terminal that others wrote. */
  private static final int MOST_SHOWN = 500;

  private DisplayText() {}

  /** A constant in lower case, as documents have it. */
  public static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** A number, or null, as documents have it. */
  public static @Nullable Integer orNull(OptionalInt number) {
    return number.isPresent() ? number.getAsInt() : null;
  }

  /** A value, or nothing. */
  public static String orBlank(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }

  /** Values with commas between them. */
  public static String list(Collection<?> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  /** An instant without fractions of a second. */
  public static Instant seconds(Instant moment) {
    return moment.truncatedTo(ChronoUnit.SECONDS);
  }

  /** An instant without fractions of a second, or nothing. */
  public static Object secondsOrBlank(@Nullable Instant moment) {
    return moment == null ? "" : seconds(moment);
  }

  /** A map as {@code name=value} with commas between them; nothing for an empty one. */
  public static String map(Map<?, ?> map) {
    return list(map.entrySet());
  }

  /** A number with what it counts, in the singular for one: {@code 1 live instance}. */
  public static String count(long number, String singular) {
    return number + " " + singular + (number == 1 ? "" : "s");
  }

  /** A text of at most {@value #MOST_SHOWN} characters; a longer one is cut and says how long it is. */
  public static String cut(String text) {
    int length = text.codePointCount(0, text.length());
    return length <= MOST_SHOWN
        ? text
        : text.substring(0, text.offsetByCodePoints(0, MOST_SHOWN)) + "… (" + length
            + " characters)";
  }

  /** A local time in ISO 8601 with its seconds, which the format leaves out if they are zero. */
  public static String withSeconds(String localTime) {
    return localTime.matches(".*T\\d\\d:\\d\\d") ? localTime + ":00" : localTime;
  }
}
