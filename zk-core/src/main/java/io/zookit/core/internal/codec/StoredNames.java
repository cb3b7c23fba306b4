package io.zookit.core.internal.codec;

import java.lang.reflect.AnnotatedElement;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names under which the constants of an enum are stored, as {@link Stored} sets them.
 *
 * <p>Immutable.
 */
public final class StoredNames<E extends Enum<E>> {

  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");

  private final Map<String, E> constants;
  private final Map<E, String> names;

  private StoredNames(Map<String, E> constants, Map<E, String> names) {
    this.constants = constants;
    this.names = names;
  }

  /**
   * The names of an enum's constants.
   *
   * @throws IllegalArgumentException if a constant has no name, not a valid one, or that of another constant
   */
  public static <E extends Enum<E>> StoredNames<E> of(Class<E> type) {
    return of(type, false);
  }

  /** The names of an enum's constants; those without a stored name have their own, if it is allowed. */
  static <E extends Enum<E>> StoredNames<E> of(Class<E> type, boolean ownNames) {
    Map<String, E> constants = new LinkedHashMap<>();
    Map<E, String> names = new EnumMap<>(type);
    for (E constant : type.getEnumConstants()) {
      String where = type.getSimpleName() + "." + constant.name();
      String name = nameOf(fieldOf(type, constant), where, ownNames ? constant.name() : null);
      if (constants.put(name, constant) != null) {
        throw twice(where, name);
      }
      names.put(constant, name);
    }
    return new StoredNames<>(
        Collections.unmodifiableMap(constants), Collections.unmodifiableMap(names));
  }

  /** The name of a constant. */
  public String nameOf(E constant) {
    return Objects.requireNonNull(names.get(constant));
  }

  /** The constant of a name; empty if none has it. */
  public Optional<E> find(String name) {
    return Optional.ofNullable(constants.get(name));
  }

  /**
   * The constant of a name.
   *
   * @throws IllegalArgumentException if none has it
   */
  public E parse(String name) {
    return find(name)
        .orElseThrow(() -> new IllegalArgumentException(
            "name: \"" + name + "\" (expected: one of " + all() + ")"));
  }

  /** All names in the order of the constants. */
  public Set<String> all() {
    return constants.keySet();
  }

  @Override
  public String toString() {
    return constants.keySet().toString();
  }

  /**
   * The stored name of a component or constant, or a refusal that says what lacks one.
   *
   * @param own its name if none is set; null if one must be set
   */
  static String nameOf(AnnotatedElement element, String where, @Nullable String own) {
    Stored stored = element.getAnnotation(Stored.class);
    if (stored == null && own != null) {
      return own;
    }
    if (stored == null) {
      throw new IllegalArgumentException(
          where + ": has no stored name (expected: @Stored(\"name\"))");
    }
    if (!NAME.matcher(stored.value()).matches()) {
      throw new IllegalArgumentException(where + ": @Stored(\"" + stored.value()
          + "\") (expected: a letter, then letters, digits, _ and -; at most 64 characters)");
    }
    return stored.value();
  }

  static IllegalArgumentException twice(String where, String name) {
    return new IllegalArgumentException(
        where + ": @Stored(\"" + name + "\") (expected: a name that no other has)");
  }

  private static AnnotatedElement fieldOf(Class<?> type, Enum<?> constant) {
    try {
      return type.getField(constant.name());
    } catch (NoSuchFieldException e) {
      throw new AssertionError("an enum without the field of its constant " + constant.name(), e);
    }
  }
}
