package io.zookit.core.internal.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object with one field for each component of a record, named as {@link Stored} says. The type is walked once, when
 * the shape is created.
 */
final class RecordShape<T extends Record> implements Shape {

  private final Class<T> type;
  private final Constructor<T> constructor;
  private final List<Field> fields;

  /** A component and the name under which it is stored. */
  private record Field(String name, Method accessor, Shape shape, boolean nullable) {}

  private RecordShape(Class<T> type, Constructor<T> constructor, List<Field> fields) {
    this.type = type;
    this.constructor = constructor;
    this.fields = fields;
  }

  /**
   * The shape of a record.
   *
   * @param ownNames whether what has no stored name is stored under its own name
   */
  static <T extends Record> RecordShape<T> of(Class<T> type, boolean ownNames) {
    return of(type, List.of(), ownNames);
  }

  private static <T extends Record> RecordShape<T> of(
      Class<T> type, List<Class<?>> enclosing, boolean ownNames) {
    if (enclosing.contains(type)) {
      throw new IllegalArgumentException(
          type.getSimpleName() + ": contains itself (expected: a closed record)");
    }
    List<Class<?>> path = new ArrayList<>(enclosing);
    path.add(type);
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] parameters = new Class<?>[components.length];
    List<Field> fields = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < components.length; i++) {
      parameters[i] = components[i].getType();
      Field field = fieldOf(components[i], path, ownNames);
      if (!names.add(field.name())) {
        throw StoredNames.twice(where(components[i]), field.name());
      }
      fields.add(field);
    }
    return new RecordShape<>(type, constructorOf(type, parameters), List.copyOf(fields));
  }

  String name() {
    return type.getSimpleName();
  }

  boolean has(String field) {
    return fields.stream().anyMatch(each -> each.name().equals(field));
  }

  @Override
  public void write(JsonGenerator out, Object value) throws IOException {
    out.writeStartObject();
    writeFields(out, value);
    out.writeEndObject();
  }

  void writeFields(JsonGenerator out, Object value) throws IOException {
    for (Field field : fields) {
      Object component = componentOf(value, field);
      if (component != null) {
        out.writeFieldName(field.name());
        field.shape().write(out, component);
      } else if (!field.nullable()) {
        throw new IllegalArgumentException(
            name() + "." + field.accessor().getName() + ": null (expected: a value)");
      }
    }
  }

  @Override
  public T read(JsonNode node) throws MalformedException {
    if (!node.isObject()) {
      throw new MalformedException("expected an object");
    }
    @Nullable Object[] components = new Object[fields.size()];
    for (int i = 0; i < components.length; i++) {
      components[i] = readField(node, fields.get(i));
    }
    return construct(components);
  }

  private static @Nullable Object readField(JsonNode node, Field field) throws MalformedException {
    JsonNode stored = node.get(field.name());
    try {
      if (stored != null && !stored.isNull()) {
        return field.shape().read(stored);
      }
      if (field.nullable()) {
        return null;
      }
      throw new MalformedException("missing");
    } catch (MalformedException e) {
      throw e.in("." + field.name());
    }
  }

  /** A record that refuses its components refuses the data. */
  private T construct(@Nullable Object[] components) throws MalformedException {
    try {
      return constructor.newInstance(components);
    } catch (InvocationTargetException e) {
      Throwable refusal = e.getTargetException();
      if (refusal instanceof Error error) {
        throw error;
      }
      throw new MalformedException(name() + " refused it: " + refusal.getMessage());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(name() + ": cannot be made", e);
    }
  }

  private static @Nullable Object componentOf(Object value, Field field) {
    try {
      return field.accessor().invoke(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(field.accessor().getName() + ": cannot be read", e);
    }
  }

  private static <T extends Record> Constructor<T> constructorOf(
      Class<T> type, Class<?>[] parameters) {
    try {
      Constructor<T> canonical = type.getDeclaredConstructor(parameters);
      canonical.setAccessible(true);
      return canonical;
    } catch (NoSuchMethodException e) {
      throw new AssertionError("a record without its canonical constructor: " + type, e);
    }
  }

  private static Field fieldOf(
      RecordComponent component, List<Class<?>> enclosing, boolean ownNames) {
    Method accessor = component.getAccessor();
    accessor.setAccessible(true);
    boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    Shape shape = shapeOf(component.getGenericType(), component, enclosing, ownNames);
    String name =
        StoredNames.nameOf(component, where(component), ownNames ? component.getName() : null);
    return new Field(name, accessor, shape, nullable);
  }

  private static Shape shapeOf(
      Type type, RecordComponent component, List<Class<?>> enclosing, boolean ownNames) {
    if (type instanceof Class<?> plain) {
      if (plain.isRecord() && plain.getTypeParameters().length == 0) {
        return of(plain.asSubclass(Record.class), enclosing, ownNames);
      }
      return ScalarShape.of(plain, ownNames).orElseThrow(() -> refuse(component));
    }
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == List.class) {
        return new ListShape(shapeOf(arguments[0], component, enclosing, ownNames));
      }
      if (generic.getRawType() == Map.class && arguments[0] == String.class) {
        return new MapShape(shapeOf(arguments[1], component, enclosing, ownNames));
      }
    }
    throw refuse(component);
  }

  private static IllegalArgumentException refuse(RecordComponent component) {
    return new IllegalArgumentException(
        where(component) + ": " + component.getGenericType().getTypeName()
            + " (expected: one of the types a stored record may have)");
  }

  private static String where(RecordComponent component) {
    return component.getDeclaringRecord().getSimpleName() + "." + component.getName();
  }
}
