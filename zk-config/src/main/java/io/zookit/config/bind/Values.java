package io.zookit.config.bind;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Flat values, asked for by key and by what lies below a key; remembers which were taken. */
final class Values {

  private final Map<String, String> flat;
  private final TreeMap<String, String> sorted;
  private final Set<String> taken = new HashSet<>();

  Values(Map<String, String> flat) {
    this.flat = flat;
    this.sorted = new TreeMap<>(flat);
  }

  @Nullable
  String at(String key) {
    String value = flat.get(key);
    if (value != null) {
      taken.add(key);
    }
    return value;
  }

  /** The keys whose values were not read, in order. */
  List<String> left() {
    return sorted.keySet().stream().filter(key -> !taken.contains(key)).toList();
  }

  /** Tells if the key has a value, or keys below it have. */
  boolean has(String key) {
    return flat.containsKey(key) || startsSome(key + ".") || startsSome(key + "[");
  }

  /** The number of elements of the list under a key: {@code key[0]}, {@code key[1]}, … without a hole. */
  int elements(String key) {
    int count = 0;
    while (has(key + "[" + count + "]")) {
      count++;
    }
    return count;
  }

  /** The names directly below a key, in order. */
  List<String> names(String key) {
    String prefix = key + ".";
    Set<String> names = new LinkedHashSet<>();
    for (String each : sorted.tailMap(prefix).keySet()) {
      if (!each.startsWith(prefix)) {
        break;
      }
      String rest = each.substring(prefix.length());
      int end = rest.length();
      for (int i = 0; i < rest.length(); i++) {
        if (rest.charAt(i) == '.' || rest.charAt(i) == '[') {
          end = i;
          break;
        }
      }
      names.add(rest.substring(0, end));
    }
    return new ArrayList<>(names);
  }

  private boolean startsSome(String prefix) {
    String next = sorted.ceilingKey(prefix);
    return next != null && next.startsWith(prefix);
  }
}
