package io.zookit.core.internal.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** A JSON object whose names are data, read as an immutable map in the order of the text. */
record MapShape(Shape element) implements Shape {

  @Override
  public void write(JsonGenerator out, Object value) throws IOException {
    out.writeStartObject();
    // Sorted, so that equal records have equal bytes whatever kind of map they hold.
    for (Map.Entry<?, ?> each : new TreeMap<>((Map<?, ?>) value).entrySet()) {
      out.writeFieldName(ScalarShape.unicode((String) each.getKey()));
      Shape.writePresent(element, out, each.getValue());
    }
    out.writeEndObject();
  }

  @Override
  public Object read(JsonNode node) throws MalformedException {
    if (!node.isObject()) {
      throw new MalformedException("expected an object");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> each : node.properties()) {
      try {
        values.put(each.getKey(), element.read(each.getValue()));
      } catch (MalformedException e) {
        // The name is data as much as the value is; its place will do.
        throw e.in("[" + values.size() + "]");
      }
    }
    return Collections.unmodifiableMap(values);
  }
}
