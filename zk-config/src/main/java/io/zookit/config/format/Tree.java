package io.zookit.config.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A document as a tree, to write it again with a key more or less. Used once; not immutable. */
final class Tree {

  private static final JsonMapper MAPPER =
      JsonMapper.builder(JsonReader.FACTORY).build();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Pattern STEP = Pattern.compile("\\[(\\d+)]|([^.\\[]+)");

  private final ObjectNode root;

  private Tree(ObjectNode root) {
    this.root = root;
  }

  static Tree of(Document document) {
    return new Tree(
        switch (document.format()) {
          case JSON -> json(document.text());
          case YAML -> yaml(document.text());
          case PROPERTIES, TEXT -> flat(document.values());
        });
  }

  Tree with(String key, String value) {
    List<Object> steps = steps(key);
    ContainerNode<?> at = root;
    for (int i = 0; i < steps.size() - 1; i++) {
      at = descend(at, steps.get(i), steps.get(i + 1), key);
    }
    put(at, steps.get(steps.size() - 1), scalar(value), key);
    return this;
  }

  Tree without(String key) {
    List<Object> steps = steps(key);
    JsonNode at = root;
    for (Object step : steps.subList(0, steps.size() - 1)) {
      at = child(at, step);
      if (at == null) {
        throw noSuch(key);
      }
    }
    Object last = steps.get(steps.size() - 1);
    if (at instanceof ObjectNode object && last instanceof String name) {
      object.remove(name);
    } else if (at instanceof ArrayNode array && last instanceof Integer index) {
      array.remove(index);
    }
    return this;
  }

  String render(Format format) {
    try {
      if (format == Format.YAML) {
        DumpSettings settings =
            DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();
        Object plain = MAPPER.convertValue(root, Object.class);
        return new Dump(settings).dumpToString(plain);
      }
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree that was read cannot be written", e);
    }
  }

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a text that was read cannot be read again", e);
    }
  }

  private static ObjectNode yaml(String text) {
    return YamlReader.compose(text, DocumentLimits.highest())
        .map(node -> (ObjectNode) yaml(node))
        .orElseGet(NODES::objectNode);
  }

  private static JsonNode yaml(Node node) {
    if (node instanceof MappingNode map) {
      ObjectNode object = NODES.objectNode();
      for (NodeTuple entry : map.getValue()) {
        object.set(YamlReader.keyOf(entry), yaml(entry.getValueNode()));
      }
      return object;
    }
    if (node instanceof SequenceNode list) {
      ArrayNode array = NODES.arrayNode();
      list.getValue().forEach(element -> array.add(yaml(element)));
      return array;
    }
    ScalarNode scalar = (ScalarNode) node;
    if (scalar.getTag().equals(Tag.NULL)) {
      return NODES.nullNode();
    }
    return scalar.getTag().equals(Tag.STR)
        ? NODES.textNode(scalar.getValue())
        : scalar(scalar.getValue());
  }

  private static ObjectNode flat(Map<String, String> values) {
    ObjectNode object = NODES.objectNode();
    new LinkedHashMap<>(values).forEach(object::put);
    return object;
  }

  private static ContainerNode<?> descend(
      ContainerNode<?> at, Object step, Object next, String key) {
    JsonNode inner = child(at, step);
    if (inner == null || inner.isNull()) {
      ContainerNode<?> made = next instanceof Integer ? NODES.arrayNode() : NODES.objectNode();
      put(at, step, made, key);
      return made;
    }
    if (inner instanceof ContainerNode<?> container) {
      return container;
    }
    throw new IllegalArgumentException(
        "key: " + key + " goes through a value (expected: a map or a list)");
  }

  private static @Nullable JsonNode child(JsonNode at, Object step) {
    return step instanceof String name ? at.get(name) : at.get((Integer) step);
  }

  private static void put(ContainerNode<?> at, Object step, JsonNode value, String key) {
    if (at instanceof ObjectNode object && step instanceof String name) {
      object.set(name, value);
    } else if (at instanceof ArrayNode array && step instanceof Integer index) {
      if (index < array.size()) {
        array.set(index, value);
      } else if (index == array.size()) {
        array.add(value);
      } else {
        throw new IllegalArgumentException(
            "key: " + key + " leaves a hole in a list (expected: [" + array.size() + "])");
      }
    } else {
      throw new IllegalArgumentException("key: " + key + " (expected: the shape of the text)");
    }
  }

  /** Numbers and truth values are written as such. */
  private static JsonNode scalar(String value) {
    try {
      JsonNode read = MAPPER.readTree(value);
      if (read != null && (read.isNumber() || read.isBoolean()) && read.asText().equals(value)) {
        return read;
      }
    } catch (JsonProcessingException e) {
      return NODES.textNode(value);
    }
    return NODES.textNode(value);
  }

  private static List<Object> steps(String key) {
    List<Object> steps = new ArrayList<>();
    Matcher matcher = STEP.matcher(key);
    int end = 0;
    while (matcher.find()) {
      String between = key.substring(end, matcher.start());
      if (!between.isEmpty() && !between.equals(".")) {
        throw noSuch(key);
      }
      steps.add(matcher.group(1) == null ? matcher.group(2) : Integer.valueOf(matcher.group(1)));
      end = matcher.end();
    }
    if (end != key.length() || steps.isEmpty() || steps.get(0) instanceof Integer) {
      throw noSuch(key);
    }
    return steps;
  }

  private static IllegalArgumentException noSuch(String key) {
    return new IllegalArgumentException("key: \"" + key + "\" (expected: name.name[index].name)");
  }
}
