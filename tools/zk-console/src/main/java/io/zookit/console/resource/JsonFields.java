package io.zookit.console.resource;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The object that a client sent. A field that the endpoint does not know is an error, and so is one of another type. */
public final class JsonFields {

  private static final int MOST_DEPTH = 8;
  private static final int LONGEST_NAME = 256;
  private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder()
              .maxNestingDepth(MOST_DEPTH)
              .maxNameLength(LONGEST_NAME)
              .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build())
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .build();

  private final JsonNode object;

  private JsonFields(JsonNode object) {
    this.object = object;
  }

  /** No fields. */
  public static JsonFields none() {
    return new JsonFields(JsonNodeFactory.instance.objectNode());
  }

  /**
   * Parses a body.
   *
   * @throws IllegalArgumentException if it is not UTF-8, not JSON, or not an object
   */
  public static JsonFields parse(byte[] utf8) {
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
      JsonNode node = MAPPER.readTree(text);
      if (!node.isObject()) {
        throw new IllegalArgumentException("body: not a JSON object");
      }
      return new JsonFields(node);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("body: not UTF-8", e);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "body: not valid JSON (" + e.getOriginalMessage() + ")", e);
    }
  }

  /** Refuses every field but these. */
  public JsonFields only(String... names) {
    Set<String> known = new HashSet<>(List.of(names));
    object.fieldNames().forEachRemaining(name -> {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "field \"" + name + "\": unknown (expected: " + String.join(", ", names) + ")");
      }
    });
    return this;
  }

  /** A text that must be given. */
  public String text(String name, int longest) {
    return optionalText(name, longest)
        .orElseThrow(() -> new IllegalArgumentException(name + ": nothing (expected: a text)"));
  }

  /** A text that may be given. */
  public Optional<String> optionalText(String name, int longest) {
    return field(name).map(node -> text(name, node, longest));
  }

  /** A flag; false unless it is given. */
  public boolean flag(String name) {
    return field(name)
        .map(node -> {
          if (!node.isBoolean()) {
            throw new IllegalArgumentException(name + ": not true or false");
          }
          return node.booleanValue();
        })
        .orElse(false);
  }

  /** A whole number that may be given. */
  public Optional<Integer> number(String name) {
    return field(name).map(node -> {
      if (!node.isIntegralNumber() || !node.canConvertToInt()) {
        throw new IllegalArgumentException(name + ": not a whole number");
      }
      return node.intValue();
    });
  }

  /** Texts in an array; none if it is not given. */
  public List<String> texts(String name, int most, int longest) {
    List<String> all = new ArrayList<>();
    field(name).ifPresent(node -> {
      if (!node.isArray() || node.size() > most) {
        throw new IllegalArgumentException(
            name + ": not an array of texts (expected: at most " + most + ")");
      }
      node.forEach(each -> all.add(text(name, each, longest)));
    });
    return List.copyOf(all);
  }

  /** Texts by name; none if they are not given. */
  public Map<String, String> textsByName(String name, int most, int longest) {
    Map<String, String> all = new TreeMap<>();
    field(name).ifPresent(node -> {
      if (!node.isObject() || node.size() > most) {
        throw new IllegalArgumentException(
            name + ": not an object of texts (expected: at most " + most + ")");
      }
      node.fieldNames().forEachRemaining(key -> all.put(key, text(name, node.get(key), longest)));
    });
    return all;
  }

  private Optional<JsonNode> field(String name) {
    JsonNode node = object.get(name);
    return node == null || node.isNull() ? Optional.empty() : Optional.of(node);
  }

  private static String text(String name, JsonNode node, int longest) {
    if (!node.isTextual() || node.textValue().length() > longest) {
      throw new IllegalArgumentException(
          name + ": not a text (expected: at most " + longest + " characters)");
    }
    return node.textValue();
  }
}
