package io.zookit.config.bind;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Makes records of one type of flat keys and values.
 *
 * <p>The type is walked once, here; a type that cannot be bound is a mistake of the program and reported at once.
 * Immutable.
 */
public final class RecordBinder<T extends Record> {

  private final Class<T> type;
  private final Node root;

  private RecordBinder(Class<T> type, Node root) {
    this.type = type;
    this.root = root;
  }

  /**
   * A binder.
   *
   * @throws IllegalArgumentException if a component has a type that cannot be bound
   */
  public static <T extends Record> RecordBinder<T> of(Class<T> type) {
    return new RecordBinder<>(type, RecordNode.of(type, List.of()));
  }

  /**
   * Makes a record. Keys it has no component for are ignored.
   *
   * @throws BindingException with every problem there is
   */
  public T bind(Map<String, String> values) {
    return bind(values, key -> {});
  }

  /**
   * Makes a record, and reports the keys it has no component for: a component that is spelled differently, an element
   * behind a hole of a list, or a key for another program.
   *
   * @param unknown receives each such key, in order, before the record is returned
   * @throws BindingException with every problem there is
   */
  public T bind(Map<String, String> values, Consumer<String> unknown) {
    List<String> problems = new ArrayList<>();
    Values flat = new Values(values);
    Object bound = root.bind(flat, "", problems);
    if (!problems.isEmpty() || bound == null) {
      throw new BindingException(type, problems);
    }
    flat.left().forEach(unknown);
    return type.cast(bound);
  }

  /** The problem of a key that no component takes, as a binding or a check reports it. */
  public static String unknownKey(String key) {
    return key + ": unknown (expected: the key of a component)";
  }

  /** The type of the records. */
  public Class<T> type() {
    return type;
  }
}
