package io.zookit.admin.cli;

import io.zookit.admin.output.Cell;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The contexts of a user. Immutable.
 *
 * @param current the one in use
 * @param byName all of them
 */
public record Contexts(Optional<String> current, SortedMap<String, Context> byName) {

  /** Creates contexts. */
  public Contexts {
    byName = Collections.unmodifiableSortedMap(new TreeMap<>(byName));
  }

  /** None. */
  static Contexts none() {
    return new Contexts(Optional.empty(), Collections.emptySortedMap());
  }

  /**
   * Returns the context of a name.
   *
   * @throws CommandException if there is none of that name
   */
  public Context named(String name) {
    Context found = byName.get(name);
    if (found == null) {
      String known =
          byName.isEmpty() ? "there is none" : "there is " + String.join(", ", byName.keySet());
      throw new CommandException(
          ExitCode.NOT_FOUND,
          "context \"" + Cell.printable(name) + "\" is not known (" + known + ")");
    }
    return found;
  }

  /** With one more, or another in place of it; the first is used from then on. */
  public Contexts with(String name, Context context) {
    SortedMap<String, Context> more = new TreeMap<>(byName);
    more.put(name, context);
    return new Contexts(current.or(() -> Optional.of(name)), more);
  }

  /** Without one; it is no longer used. */
  public Contexts without(String name) {
    SortedMap<String, Context> fewer = new TreeMap<>(byName);
    fewer.remove(name);
    return new Contexts(current.filter(used -> !used.equals(name)), fewer);
  }

  /** With another one in use. */
  public Contexts using(String name) {
    return new Contexts(Optional.of(name), byName);
  }
}
