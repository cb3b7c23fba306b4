package io.zookit.config.bind;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes, written as {@code 512}, {@code 64KiB}, {@code 1.5MB}.
 *
 * @param bytes zero or more
 */
public record DataSize(long bytes) implements Comparable<DataSize> {

  private static final Pattern TEXT = Pattern.compile("(\\d{1,18}(?:\\.\\d{1,6})?) ?([A-Za-z]*)");
  private static final Map<String, Long> UNITS = Map.ofEntries(
      Map.entry("", 1L),
      Map.entry("b", 1L),
      Map.entry("kb", 1_000L),
      Map.entry("mb", 1_000_000L),
      Map.entry("gb", 1_000_000_000L),
      Map.entry("tb", 1_000_000_000_000L),
      Map.entry("kib", 1L << 10),
      Map.entry("mib", 1L << 20),
      Map.entry("gib", 1L << 30),
      Map.entry("tib", 1L << 40));

  /** Creates a size. */
  public DataSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes: " + bytes + " (expected: 0 or more)");
    }
  }

  /** Reads a size. */
  public static DataSize parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    Long unit = matcher.matches() ? UNITS.get(matcher.group(2).toLowerCase(Locale.ROOT)) : null;
    if (unit == null) {
      throw new IllegalArgumentException("size (expected: a number with B, KB, KiB, MB, MiB, ...)");
    }
    try {
      return new DataSize(
          new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit)).longValueExact());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("size (expected: a whole number of bytes, 63 bits)");
    }
  }

  @Override
  public int compareTo(DataSize other) {
    return Long.compare(bytes, other.bytes);
  }
}
