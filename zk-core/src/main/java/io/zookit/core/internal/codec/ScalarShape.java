package io.zookit.core.internal.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One JSON number, string or boolean.
 *
 * @param expected what to say when something else stands there
 * @param fits whether a node can be read at all
 * @param reader makes the value; an {@link IllegalArgumentException} or {@link DateTimeException} refuses the node
 */
record ScalarShape(
    String expected, Predicate<JsonNode> fits, Function<JsonNode, Object> reader, Writer writer)
    implements Shape {

  /** Writes one value. */
  interface Writer {
    void write(JsonGenerator out, Object value) throws IOException;
  }

  private static final ScalarShape STRING = text("text", text -> text);
  private static final ScalarShape INT = new ScalarShape(
      "a whole number of 32 bits",
      node -> node.isIntegralNumber() && node.canConvertToInt(),
      JsonNode::intValue,
      (out, value) -> out.writeNumber((int) value));
  private static final ScalarShape LONG = new ScalarShape(
      "a whole number of 64 bits",
      node -> node.isIntegralNumber() && node.canConvertToLong(),
      JsonNode::longValue,
      (out, value) -> out.writeNumber((long) value));
  private static final ScalarShape DOUBLE = new ScalarShape(
      "a finite number",
      node -> node.isNumber() && Double.isFinite(node.doubleValue()),
      JsonNode::doubleValue,
      (out, value) -> out.writeNumber(finite((double) value)));
  private static final ScalarShape BOOLEAN = new ScalarShape(
      "true or false",
      JsonNode::isBoolean,
      JsonNode::booleanValue,
      (out, value) -> out.writeBoolean((boolean) value));

  private static final Map<Class<?>, ScalarShape> BY_TYPE = Map.ofEntries(
      Map.entry(String.class, STRING),
      Map.entry(int.class, INT),
      Map.entry(Integer.class, INT),
      Map.entry(long.class, LONG),
      Map.entry(Long.class, LONG),
      Map.entry(double.class, DOUBLE),
      Map.entry(Double.class, DOUBLE),
      Map.entry(boolean.class, BOOLEAN),
      Map.entry(Boolean.class, BOOLEAN),
      Map.entry(Instant.class, text("an instant in ISO 8601", Instant::parse)),
      Map.entry(Duration.class, text("a duration in ISO 8601", Duration::parse)));

  /** The shape of a type, if it is one of the closed scalar types or an enum. */
  static Optional<ScalarShape> of(Class<?> type, boolean ownNames) {
    return type.isEnum()
        ? Optional.of(constantsOf(type, ownNames))
        : Optional.ofNullable(BY_TYPE.get(type));
  }

  @Override
  public void write(JsonGenerator out, Object value) throws IOException {
    writer.write(out, value);
  }

  @Override
  public Object read(JsonNode node) throws MalformedException {
    if (fits.test(node)) {
      try {
        return reader.apply(node);
      } catch (IllegalArgumentException | DateTimeException e) {
        throw new MalformedException("expected " + expected);
      }
    }
    throw new MalformedException("expected " + expected);
  }

  private static ScalarShape text(String expected, Function<String, Object> parse) {
    return new ScalarShape(
        expected,
        JsonNode::isTextual,
        node -> parse.apply(node.textValue()),
        (out, value) -> out.writeString(unicode(value.toString())));
  }

  /** Half a character would be written as an escape that not every reader takes. */
  static String unicode(String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException("text: has half a surrogate pair (expected: Unicode)");
    }
    return text;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // an enum is its own type argument
  private static ScalarShape constantsOf(Class<?> type, boolean ownNames) {
    return constants((Class) type, ownNames);
  }

  private static <E extends Enum<E>> ScalarShape constants(Class<E> type, boolean ownNames) {
    StoredNames<E> names = StoredNames.of(type, ownNames);
    return new ScalarShape(
        "one of " + names,
        node -> node.isTextual() && names.all().contains(node.textValue()),
        node -> names.find(node.textValue()).orElseThrow(),
        (out, value) -> out.writeString(names.nameOf(type.cast(value))));
  }

  private static double finite(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("number: " + value + " (expected: a finite one)");
    }
    return value;
  }
}
