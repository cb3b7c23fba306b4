package io.zookit.testkit.internal.host;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * System properties that are as before after closing.
 *
 * <p>Scopes may overlap in any way: of those that are open and set a property, the one opened last decides.
 */
public final class PropertyScope implements AutoCloseable {

  /** The open scopes, oldest first. Guards itself and {@link #ORIGINALS}. */
  private static final List<PropertyScope> OPEN = new ArrayList<>();

  /** Values of the properties set by open scopes, as they were without them. */
  private static final Map<String, @Nullable String> ORIGINALS = new HashMap<>();

  private final Map<String, String> properties;

  private PropertyScope(Map<String, String> properties) {
    this.properties = properties;
  }

  public static PropertyScope of(Map<String, String> properties) {
    PropertyScope scope = new PropertyScope(Map.copyOf(properties));
    synchronized (OPEN) {
      OPEN.add(scope);
      scope.properties.forEach((key, value) -> {
        String before = System.setProperty(key, value);
        if (!ORIGINALS.containsKey(key)) {
          ORIGINALS.put(key, before);
        }
      });
    }
    return scope;
  }

  /** Returns whether an open scope sets a property. */
  public static boolean isAnyPropertySet() {
    synchronized (OPEN) {
      return !ORIGINALS.isEmpty();
    }
  }

  @Override
  public void close() {
    synchronized (OPEN) {
      if (OPEN.remove(this)) {
        properties.keySet().forEach(PropertyScope::restore);
      }
    }
  }

  private static void restore(String key) {
    for (int i = OPEN.size() - 1; i >= 0; i--) {
      String value = OPEN.get(i).properties.get(key);
      if (value != null) {
        System.setProperty(key, value);
        return;
      }
    }
    String original = ORIGINALS.remove(key);
    if (original == null) {
      System.clearProperty(key);
    } else {
      System.setProperty(key, original);
    }
  }
}
