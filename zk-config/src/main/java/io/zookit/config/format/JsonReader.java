package io.zookit.config.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads one JSON object, with bounds, and remembers where each value stands. */
final class JsonReader {

  static final JsonFactory FACTORY = JsonFactory.builder()
      .streamReadConstraints(StreamReadConstraints.builder()
          .maxNestingDepth(Document.MOST_DEPTH)
          .maxNumberLength(128)
          .maxNameLength(1024)
          .maxStringLength(Document.MOST_CHARACTERS)
          .maxDocumentLength(Document.MOST_CHARACTERS)
          .build())
      .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
      .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
      .build();

  private final String text;
  private final Map<String, Scalar> found = new LinkedHashMap<>();

  JsonReader(String text) {
    this.text = text;
  }

  Map<String, Scalar> read() {
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedContentException(Format.JSON, "expected one object");
      }
      object(parser, "");
      if (parser.nextToken() != null) {
        throw new MalformedContentException(Format.JSON, "something after the object");
      }
      return found;
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      throw new MalformedContentException(
          Format.JSON, "line " + line + ": no JSON, a key twice, or too deep");
    } catch (IOException e) {
      throw new UncheckedIOException("memory failed", e);
    }
  }

  private void object(JsonParser parser, String prefix) throws IOException {
    boolean empty = true;
    int start = start(parser);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      empty = false;
      String name = parser.currentName();
      parser.nextToken();
      value(parser, prefix.isEmpty() ? name : prefix + "." + name);
    }
    if (empty && !prefix.isEmpty()) {
      put(prefix, new Scalar("", start, end(parser), true));
    }
  }

  private void array(JsonParser parser, String key) throws IOException {
    int start = start(parser);
    int index = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      value(parser, key + "[" + index++ + "]");
    }
    if (index == 0) {
      put(key, new Scalar("", start, end(parser), true));
    }
  }

  private void value(JsonParser parser, String key) throws IOException {
    switch (parser.currentToken()) {
      case START_OBJECT -> object(parser, key);
      case START_ARRAY -> array(parser, key);
      case VALUE_NULL -> {}
      case VALUE_STRING -> {
        int start = start(parser);
        String value = parser.getText();
        put(key, new Scalar(value, start, end(parser), false));
      }
      default -> {
        int start = start(parser);
        String value = parser.getText();
        put(key, new Scalar(value, start, start + value.length(), true));
      }
    }
  }

  private void put(String key, Scalar scalar) {
    if (found.put(key, scalar) != null) {
      throw new MalformedContentException(Format.JSON, "two ways to the key " + key);
    }
    if (found.size() > Document.MOST_KEYS) {
      throw new MalformedContentException(Format.JSON, "more than " + Document.MOST_KEYS + " keys");
    }
  }

  private static int start(JsonParser parser) {
    return (int) parser.currentTokenLocation().getCharOffset();
  }

  private static int end(JsonParser parser) {
    return (int) parser.currentLocation().getCharOffset();
  }
}
