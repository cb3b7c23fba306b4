package io.zookit.core.internal.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** The mapping of the values of one Java type to JSON. */
sealed interface Shape permits ScalarShape, RecordShape, ListShape, MapShape {

  /** Writes a value of the type. */
  void write(JsonGenerator out, Object value) throws IOException;

  /** Reads a value; the node is not null. */
  Object read(JsonNode node) throws MalformedException;

  /** Writes a value that must be there. */
  static void writePresent(Shape shape, JsonGenerator out, Object value) throws IOException {
    if (value == null) {
      throw new IllegalArgumentException("element: null (expected: a value)");
    }
    shape.write(out, value);
  }
}
