package io.zookit.core.internal.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A JSON array, read as an immutable list. */
record ListShape(Shape element) implements Shape {

  @Override
  public void write(JsonGenerator out, Object value) throws IOException {
    out.writeStartArray();
    for (Object each : (List<?>) value) {
      Shape.writePresent(element, out, each);
    }
    out.writeEndArray();
  }

  @Override
  public Object read(JsonNode node) throws MalformedException {
    if (!node.isArray()) {
      throw new MalformedException("expected an array");
    }
    List<Object> values = new ArrayList<>(node.size());
    for (JsonNode each : node) {
      try {
        values.add(element.read(each));
      } catch (MalformedException e) {
        throw e.in("[" + values.size() + "]");
      }
    }
    return List.copyOf(values);
  }
}
