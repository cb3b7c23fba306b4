package io.zookit.config.bind;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes records of one type of flat keys and values.
 *
 * <p>The type is walked once, here; a type that cannot be bound is a mistake of the program and told at once. Immutable.
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
   * @throws IllegalArgumentException when a component has a type that cannot be bound
   */
  public static <T extends Record> RecordBinder<T> of(Class<T> type) {
    return new RecordBinder<>(type, RecordNode.of(type, List.of()));
  }

  /**
   * Makes a record. Keys it has no component for are not looked at.
   *
   * @throws BindingException with every problem there is
   */
  public T bind(Map<String, String> values) {
    List<String> problems = new ArrayList<>();
    Object bound = root.bind(new Values(values), "", problems);
    if (!problems.isEmpty() || bound == null) {
      throw new BindingException(type, problems);
    }
    return type.cast(bound);
  }

  /** What it makes. */
  public Class<T> type() {
    return type;
  }
}
