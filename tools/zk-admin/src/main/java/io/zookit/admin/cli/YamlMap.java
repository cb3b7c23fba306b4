package io.zookit.admin.cli;

import io.zookit.admin.output.Cell;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A map of a YAML file, with words for what is wrong in it. */
final class YamlMap {

  private final String path;
  private final Map<?, ?> map;

  private YamlMap(String path, Map<?, ?> map) {
    this.path = path;
    this.map = map;
  }

  /** A map at a place of a file. */
  static YamlMap of(String path, Object content) {
    if (content instanceof Map<?, ?> map
        && map.keySet().stream().allMatch(String.class::isInstance)) {
      return new YamlMap(path, map);
    }
    throw new CommandException(ExitCode.REJECTED, path + ": is something else (expected: a map)");
  }

  /** Refuses other keys. */
  YamlMap allow(String... keys) {
    List<String> known = Arrays.asList(keys);
    for (String key : keys()) {
      if (!known.contains(key)) {
        throw new CommandException(
            ExitCode.REJECTED,
            path + ": " + Cell.printable(key) + ": unknown (expected: " + String.join(", ", known)
                + ")");
      }
    }
    return this;
  }

  List<String> keys() {
    return map.keySet().stream().map(String.class::cast).toList();
  }

  Optional<YamlMap> map(String key) {
    return value(key).map(inner -> of(path + ": " + key, inner));
  }

  /** A text, or what looks like a number and is meant as a text. */
  Optional<String> text(String key) {
    return value(key).map(found -> {
      if (found instanceof Map || found instanceof List) {
        throw malformed(key, "a text");
      }
      return String.valueOf(found);
    });
  }

  boolean flag(String key) {
    return value(key)
        .map(found -> {
          if (found instanceof Boolean flag) {
            return flag;
          }
          throw malformed(key, "true or false");
        })
        .orElse(false);
  }

  private Optional<Object> value(String key) {
    @Nullable Object found = map.get(key);
    return Optional.ofNullable(found);
  }

  CommandException malformed(String key, String expected) {
    return new CommandException(
        ExitCode.REJECTED,
        path + ": " + Cell.printable(key) + ": missing or something else (expected: " + expected
            + ")");
  }
}
