package io.zookit.config.bind;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One text. */
record ScalarNode(ScalarParsers.Reading reading) implements Node {

  @Override
  public @Nullable Object bind(Values values, String key, List<String> problems) {
    String text = values.at(key);
    if (text == null) {
      problems.add(key + ": missing (expected: " + reading.expected() + ")");
      return null;
    }
    return read(text, key, problems);
  }

  @Nullable
  Object read(String text, String key, List<String> problems) {
    try {
      return reading.read().apply(text);
    } catch (IllegalArgumentException | java.time.DateTimeException | ArithmeticException e) {
      // The cause would quote the value, which may be a secret.
      problems.add(key + ": expected " + reading.expected());
      return null;
    }
  }
}
