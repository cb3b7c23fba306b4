package io.zookit.config.bind;

import io.zookit.core.time.Durations;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Converts texts to values of simple types. */
final class ScalarParsers {

  /** Conversion to a type, with the expectation that an error names. */
  record Reading(String expected, Function<String, Object> read) {}

  private static final Map<Class<?>, Reading> BY_TYPE = Map.ofEntries(
      Map.entry(String.class, new Reading("a text", text -> text)),
      Map.entry(int.class, new Reading("a whole number of 32 bits", ScalarParsers::parseInt)),
      Map.entry(Integer.class, new Reading("a whole number of 32 bits", ScalarParsers::parseInt)),
      Map.entry(long.class, new Reading("a whole number of 64 bits", ScalarParsers::parseLong)),
      Map.entry(Long.class, new Reading("a whole number of 64 bits", ScalarParsers::parseLong)),
      Map.entry(double.class, new Reading("a finite number", ScalarParsers::parseDouble)),
      Map.entry(Double.class, new Reading("a finite number", ScalarParsers::parseDouble)),
      Map.entry(boolean.class, new Reading("true or false", ScalarParsers::parseTruth)),
      Map.entry(Boolean.class, new Reading("true or false", ScalarParsers::parseTruth)),
      Map.entry(BigDecimal.class, new Reading("a number", text -> new BigDecimal(bounded(text)))),
      Map.entry(
          BigInteger.class, new Reading("a whole number", text -> new BigInteger(bounded(text)))),
      Map.entry(Duration.class, new Reading("a duration such as 250ms or PT5S", Durations::parse)),
      Map.entry(Instant.class, new Reading("an instant in ISO 8601", Instant::parse)),
      Map.entry(LocalTime.class, new Reading("a time of day", LocalTime::parse)),
      Map.entry(ZoneId.class, new Reading("a time zone", ZoneId::of)),
      Map.entry(URI.class, new Reading("a URI", URI::create)),
      Map.entry(DataSize.class, new Reading("a size such as 64KiB", DataSize::parse)));

  private ScalarParsers() {}

  static Optional<Reading> of(Class<?> type) {
    if (type.isEnum()) {
      return Optional.of(new Reading(
          "one of " + java.util.Arrays.toString(type.getEnumConstants()),
          text -> constant(type, text)));
    }
    return Optional.ofNullable(BY_TYPE.get(type));
  }

  private static Object constant(Class<?> type, String text) {
    for (Object constant : type.getEnumConstants()) {
      String name = ((Enum<?>) constant).name();
      if (name.equals(text)
          || name.toLowerCase(Locale.ROOT).replace('_', '-').equals(text.strip())) {
        return constant;
      }
    }
    throw new IllegalArgumentException("no such constant");
  }

  private static Object parseInt(String text) {
    return Integer.valueOf(text.strip());
  }

  private static Object parseLong(String text) {
    return Long.valueOf(text.strip());
  }

  private static Object parseDouble(String text) {
    double number = Double.parseDouble(text.strip());
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException("not finite");
    }
    return number;
  }

  private static Object parseTruth(String text) {
    return switch (text.strip()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("neither");
    };
  }

  private static String bounded(String text) {
    if (text.length() > 100) {
      throw new IllegalArgumentException("too long");
    }
    return text.strip();
  }
}
