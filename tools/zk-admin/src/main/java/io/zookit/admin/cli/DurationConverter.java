package io.zookit.admin.cli;

import io.zookit.admin.output.Cell;
import io.zookit.core.time.Durations;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts an option to a duration of more than zero: {@code 500ms}, {@code 10s}, {@code 7d}, {@code PT5S}. */
public final class DurationConverter implements ITypeConverter<Duration> {

  private static final Duration LONGEST = Duration.ofDays(999_999_999);

  /** Creates a converter; for picocli. */
  public DurationConverter() {}

  @Override
  public Duration convert(String text) {
    try {
      Duration duration = Durations.parse(text);
      if (duration.isNegative() || duration.isZero() || duration.compareTo(LONGEST) > 0) {
        throw malformed(text);
      }
      return duration;
    } catch (IllegalArgumentException e) {
      throw malformed(text);
    }
  }

  private static TypeConversionException malformed(String text) {
    return new TypeConversionException(
        "\"" + Cell.printable(text) + "\" (expected: a time like 500ms, 10s, 2m)");
  }
}
