package io.zookit.admin.command.job;

import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.ExitCode;
import io.zookit.core.time.Durations;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** The fields of a map in a YAML file. What is wrong with one is reported with its line. */
final class YamlFields {

  private final String file;
  private final Node map;
  private final Map<String, Node> fields = new LinkedHashMap<>();

  /**
   * Reads the keys of a map.
   *
   * @throws CommandException if it is not a map, or has a key twice
   */
  YamlFields(String file, Node map) {
    this.file = file;
    this.map = map;
    if (!(map instanceof MappingNode mapping)) {
      throw wrong(map, "something else (expected: a map)");
    }
    for (NodeTuple field : mapping.getValue()) {
      String key = text(field.getKeyNode(), "a name");
      if (fields.put(key, field.getValueNode()) != null) {
        throw wrong(field.getKeyNode(), key + ": given twice");
      }
    }
  }

  /** Refuses other keys. */
  YamlFields allow(String... keys) {
    List<String> known = Arrays.asList(keys);
    fields.forEach((key, value) -> {
      if (!known.contains(key)) {
        throw wrong(value, key + ": unknown (expected: " + String.join(", ", known) + ")");
      }
    });
    return this;
  }

  boolean has(String key) {
    return fields.containsKey(key);
  }

  String file() {
    return file;
  }

  /** The line of the map, from 1. */
  int line() {
    return lineOf(map);
  }

  /** Creates the exception for a field, or for the map if it has no such field. */
  CommandException wrong(String key, String what) {
    return wrong(fields.getOrDefault(key, map), key + ": " + what);
  }

  private CommandException wrong(Node node, String what) {
    return new CommandException(
        ExitCode.REJECTED, file + ":" + lineOf(node) + ": " + what + "; nothing was changed");
  }

  private static int lineOf(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }

  String required(String key, String expected) {
    return text(key).orElseThrow(() -> wrong(key, "missing (expected: " + expected + ")"));
  }

  Optional<String> text(String key) {
    return value(key).map(node -> text(node, key, "a text"));
  }

  private Optional<Node> value(String key) {
    return Optional.ofNullable(fields.get(key));
  }

  private String text(Node node, String key, String expected) {
    try {
      return text(node, expected);
    } catch (CommandException e) {
      throw wrong(key, "something else (expected: " + expected + ")");
    }
  }

  private String text(Node node, String expected) {
    if (node instanceof ScalarNode scalar && !node.getTag().equals(Tag.NULL)) {
      return scalar.getValue();
    }
    throw wrong(node, "something else (expected: " + expected + ")");
  }

  Optional<Integer> number(String key) {
    return text(key).map(text -> {
      try {
        return Integer.valueOf(text);
      } catch (NumberFormatException e) {
        throw wrong(key, "\"" + text + "\" (expected: a number)");
      }
    });
  }

  Optional<Duration> duration(String key) {
    return read(key, Durations::parse);
  }

  Optional<Instant> instant(String key) {
    return text(key).map(text -> {
      try {
        return Instant.parse(text);
      } catch (DateTimeException e) {
        throw wrong(key, "\"" + text + "\" (expected: an instant like 2026-11-01T00:00:00Z)");
      }
    });
  }

  /** A constant, in letters of either case and with a hyphen or an underscore. */
  <E extends Enum<E>> Optional<E> constant(String key, Class<E> type) {
    return text(key).map(text -> {
      String wanted = text.replace('-', '_').toUpperCase(Locale.ROOT);
      return Arrays.stream(type.getEnumConstants())
          .filter(each -> each.name().equals(wanted))
          .findFirst()
          .orElseThrow(() -> wrong(
              key,
              "\"" + text + "\" (expected: "
                  + Arrays.stream(type.getEnumConstants())
                      .map(each -> each.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                      .collect(Collectors.joining(", "))
                  + ")"));
    });
  }

  /** A text that is read by a function which refuses wrong ones with an {@link IllegalArgumentException}. */
  <T> Optional<T> read(String key, Function<String, T> reader) {
    return text(key).map(text -> checked(key, () -> reader.apply(text)));
  }

  /** A step that may refuse the value of a field. */
  interface FieldStep<T> {
    T run();
  }

  /** Runs a step, and reports what it refuses at the line of a field. */
  <T> T checked(String key, FieldStep<T> step) {
    try {
      return step.run();
    } catch (IllegalArgumentException | DateTimeException e) {
      throw wrong(key, String.valueOf(e.getMessage()));
    }
  }

  Optional<List<String>> texts(String key) {
    return value(key).map(node -> {
      if (!(node instanceof SequenceNode list)) {
        throw wrong(key, "something else (expected: a list)");
      }
      List<String> texts = new ArrayList<>();
      list.getValue().forEach(each -> texts.add(text(each, key, "a list of texts")));
      return texts;
    });
  }

  Optional<YamlFields> map(String key) {
    return value(key).map(node -> {
      if (!(node instanceof MappingNode)) {
        throw wrong(key, "something else (expected: a map)");
      }
      return new YamlFields(file, node);
    });
  }

  /** All fields as texts. */
  Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    fields.forEach((key, node) -> texts.put(key, text(node, key, "a text")));
    return texts;
  }
}
