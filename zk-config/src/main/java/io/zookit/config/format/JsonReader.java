package io.zookit.config.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
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
  private final FlatKeys keys;

  JsonReader(String text, DocumentLimits limits) {
    this.text = text;
    this.keys = new FlatKeys(Format.JSON, limits);
  }

  Map<String, Scalar> read() {
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedContentException(Format.JSON, "expected one object");
      }
      object(parser);
      if (parser.nextToken() != null) {
        throw new MalformedContentException(Format.JSON, "something after the object");
      }
      return keys.found();
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      throw new MalformedContentException(
          Format.JSON, "line " + line + ": no JSON, a key twice, or too deep");
    } catch (IOException e) {
      throw new UncheckedIOException("memory failed", e);
    }
  }

  private void object(JsonParser parser) throws IOException {
    boolean inner = !keys.isAtRoot();
    boolean empty = true;
    int start = start(parser);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      empty = false;
      int outer = keys.enter(parser.currentName(), line(parser));
      parser.nextToken();
      value(parser);
      keys.leave(outer);
    }
    if (empty && inner) {
      put(parser, new Scalar("", start, end(parser), true));
    }
  }

  private void array(JsonParser parser) throws IOException {
    int start = start(parser);
    int index = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      int outer = keys.enter(index++, line(parser));
      value(parser);
      keys.leave(outer);
    }
    if (index == 0) {
      put(parser, new Scalar("", start, end(parser), true));
    }
  }

  private void value(JsonParser parser) throws IOException {
    switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_NULL -> {}
      case VALUE_STRING -> {
        int start = start(parser);
        String value = parser.getText();
        put(parser, new Scalar(value, start, end(parser), false));
      }
      default -> {
        int start = start(parser);
        String value = parser.getText();
        put(parser, new Scalar(value, start, start + value.length(), true));
      }
    }
  }

  private void put(JsonParser parser, Scalar scalar) {
    keys.put(scalar, line(parser));
  }

  private static int line(JsonParser parser) {
    return parser.currentLocation().getLineNr();
  }

  private static int start(JsonParser parser) {
    return (int) parser.currentTokenLocation().getCharOffset();
  }

  private static int end(JsonParser parser) {
    return (int) parser.currentLocation().getCharOffset();
  }
}
