package io.zookit.testkit;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** System properties that are as before after closing. */
final class PropertyScope implements AutoCloseable {

  private final Map<String, Optional<String>> before = new HashMap<>();

  private PropertyScope() {}

  static PropertyScope of(Map<String, String> properties) {
    PropertyScope scope = new PropertyScope();
    properties.forEach(
        (key, value) -> scope.before.put(key, Optional.ofNullable(System.setProperty(key, value))));
    return scope;
  }

  @Override
  public void close() {
    before.forEach((key, value) -> value.ifPresentOrElse(
        old -> System.setProperty(key, old), () -> System.clearProperty(key)));
    before.clear();
  }
}
