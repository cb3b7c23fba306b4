package io.zookit.admin.output;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Formats constants, optional values and lists as text. */
public final class DisplayText {

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
}
