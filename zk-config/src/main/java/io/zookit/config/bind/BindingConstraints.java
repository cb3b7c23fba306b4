package io.zookit.config.bind;

import io.zookit.core.time.Durations;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The range and the pattern of one component, checked against its value. */
record BindingConstraints(@Nullable Range range, java.util.regex.@Nullable Pattern pattern) {

  static BindingConstraints of(RecordComponent component) {
    Range range = component.getAnnotation(Range.class);
    Pattern pattern = component.getAnnotation(Pattern.class);
    BindingConstraints limits = new BindingConstraints(
        range, pattern == null ? null : java.util.regex.Pattern.compile(pattern.value()));
    if (range != null) {
      limits.bounds(); // a range that cannot be read is a mistake of the program, reported at once
    }
    return limits;
  }

  /** The problem of a value; empty if there is none. */
  Optional<String> problem(Object value) {
    if (pattern != null && !pattern.matcher(value.toString()).matches()) {
      return Optional.of("expected a text matching " + pattern.pattern());
    }
    if (range == null) {
      return Optional.empty();
    }
    BigDecimal size = sizeOf(value);
    BigDecimal[] bounds = bounds();
    boolean tooSmall = !range.min().isEmpty() && size.compareTo(bounds[0]) < 0;
    boolean tooGreat = !range.max().isEmpty() && size.compareTo(bounds[1]) > 0;
    return tooSmall || tooGreat
        ? Optional.of("out of range (expected: " + describe() + ")")
        : Optional.empty();
  }

  private String describe() {
    Range given = java.util.Objects.requireNonNull(range);
    if (given.max().isEmpty()) {
      return given.min() + " or more";
    }
    return given.min().isEmpty() ? "at most " + given.max() : given.min() + " to " + given.max();
  }

  private BigDecimal[] bounds() {
    Range given = java.util.Objects.requireNonNull(range);
    return new BigDecimal[] {bound(given.min()), bound(given.max())};
  }

  private static BigDecimal bound(String text) {
    if (text.isEmpty()) {
      return BigDecimal.ZERO;
    }
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      return boundOfUnit(text);
    }
  }

  private static BigDecimal boundOfUnit(String text) {
    try {
      return sizeOf(Durations.parse(text));
    } catch (RuntimeException e) {
      return sizeOf(DataSize.parse(text));
    }
  }

  private static BigDecimal sizeOf(Object value) {
    if (value instanceof Duration duration) {
      return BigDecimal.valueOf(duration.getSeconds())
          .movePointRight(9)
          .add(BigDecimal.valueOf(duration.getNano()));
    }
    if (value instanceof DataSize size) {
      return BigDecimal.valueOf(size.bytes());
    }
    if (value instanceof Number number) {
      return new BigDecimal(number.toString());
    }
    if (value instanceof Collection<?> elements) {
      return BigDecimal.valueOf(elements.size());
    }
    if (value instanceof Map<?, ?> entries) {
      return BigDecimal.valueOf(entries.size());
    }
    return BigDecimal.valueOf(value.toString().length());
  }
}
