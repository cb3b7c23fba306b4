package io.zookit.config.bind;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A map from the names below a key. */
record MapNode(Node element) implements Node {

  @Override
  public @Nullable Object bind(Values values, String key, List<String> problems) {
    int before = problems.size();
    Map<String, Object> entries = new LinkedHashMap<>();
    for (String name : values.names(key)) {
      Object value = element.bind(values, key + "." + name, problems);
      if (value != null) {
        entries.put(name, value);
      }
    }
    if (entries.isEmpty() && problems.size() == before && values.at(key) == null) {
      problems.add(key + ": missing (expected: a map)");
    }
    return problems.size() > before ? null : Collections.unmodifiableMap(entries);
  }
}
