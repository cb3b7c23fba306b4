package io.zookit.config.bind;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A record: one component for each key. */
record RecordNode(Constructor<?> constructor, List<Component> components) implements Node {

  /** One component. */
  record Component(
      String name,
      String key,
      Node node,
      BindingConstraints limits,
      boolean optional,
      @Nullable String defaultValue) {

    String keyIn(Values values, String prefix) {
      String own = prefix + key;
      return values.has(own) || !values.has(prefix + name) ? own : prefix + name;
    }
  }

  static RecordNode of(Class<?> type, List<Class<?>> enclosing) {
    if (enclosing.contains(type)) {
      throw new IllegalArgumentException(
          type.getSimpleName() + ": contains itself (expected: a record that ends)");
    }
    List<Class<?>> path = new ArrayList<>(enclosing);
    path.add(type);
    RecordComponent[] declared = type.getRecordComponents();
    Class<?>[] parameters =
        Arrays.stream(declared).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      Constructor<?> canonical = type.getDeclaredConstructor(parameters);
      canonical.setAccessible(true);
      return new RecordNode(
          canonical, Arrays.stream(declared).map(each -> component(each, path)).toList());
    } catch (NoSuchMethodException e) {
      throw new AssertionError("a record without its canonical constructor: " + type, e);
    }
  }

  @Override
  public @Nullable Object bind(Values values, String key, List<String> problems) {
    int before = problems.size();
    String prefix = key.isEmpty() ? "" : key + ".";
    @Nullable Object[] arguments = new Object[components.size()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = argument(components.get(i), values, prefix, problems);
    }
    return problems.size() > before ? null : construct(arguments, key, problems);
  }

  private static @Nullable Object argument(
      Component component, Values values, String prefix, List<String> problems) {
    String key = component.keyIn(values, prefix);
    if (!values.has(key) && component.defaultValue() != null) {
      values = new Values(Map.of(key, component.defaultValue()));
    } else if (!values.has(key) && component.optional()) {
      return Optional.empty();
    }
    Object value = component.node().bind(values, key, problems);
    if (value == null) {
      return null;
    }
    component.limits().problem(value).ifPresent(problem -> problems.add(key + ": " + problem));
    return component.optional() ? Optional.of(value) : value;
  }

  private @Nullable Object construct(
      @Nullable Object[] arguments, String key, List<String> problems) {
    try {
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      if (e.getTargetException() instanceof Error error) {
        throw error;
      }
      problems.add((key.isEmpty() ? constructor.getDeclaringClass().getSimpleName() : key)
          + ": refused: " + e.getTargetException().getMessage());
      return null;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(constructor + " cannot be called", e);
    }
  }

  private static Component component(RecordComponent declared, List<Class<?>> enclosing) {
    Type type = declared.getGenericType();
    boolean optional = declared.getType() == Optional.class;
    if (optional) {
      type = ((ParameterizedType) type).getActualTypeArguments()[0];
    }
    Key key = declared.getAnnotation(Key.class);
    DefaultValue defaultValue = declared.getAnnotation(DefaultValue.class);
    return new Component(
        declared.getName(),
        key == null ? kebab(declared.getName()) : key.value(),
        node(type, declared, enclosing),
        BindingConstraints.of(declared),
        optional,
        defaultValue == null ? null : defaultValue.value());
  }

  private static Node node(Type type, RecordComponent declared, List<Class<?>> enclosing) {
    if (type instanceof Class<?> plain) {
      return plain.isRecord() && plain != DataSize.class
          ? of(plain, enclosing)
          : ScalarParsers.of(plain).map(ScalarNode::new).orElseThrow(() -> refuse(declared));
    }
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == List.class || generic.getRawType() == Set.class) {
        Node element = node(arguments[0], declared, enclosing);
        return new ListNode(element, generic.getRawType() == Set.class);
      }
      if (generic.getRawType() == Map.class && arguments[0] == String.class) {
        return new MapNode(node(arguments[1], declared, enclosing));
      }
    }
    throw refuse(declared);
  }

  private static String kebab(String name) {
    return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }

  private static IllegalArgumentException refuse(RecordComponent declared) {
    return new IllegalArgumentException(declared.getDeclaringRecord().getSimpleName() + "."
        + declared.getName() + ": " + declared.getGenericType().getTypeName()
        + " (expected: a type that configuration can have)");
  }
}
