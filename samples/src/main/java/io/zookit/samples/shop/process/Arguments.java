package io.zookit.samples.shop.process;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The arguments of a program: options with a value ({@code --connect host:port}) and flags without. */
public final class Arguments {

  private final Map<String, String> values;
  private final Set<String> flags;

  private Arguments(Map<String, String> values, Set<String> flags) {
    this.values = Map.copyOf(values);
    this.flags = Set.copyOf(flags);
  }

  /**
   * Parses arguments.
   *
   * @param options the options that take a value, including their dashes
   * @param flags the options that take none
   * @throws IllegalArgumentException if an argument is none of these, or a value is missing
   */
  public static Arguments parse(List<String> arguments, Set<String> options, Set<String> flags) {
    Map<String, String> values = new HashMap<>();
    Set<String> given = new HashSet<>();
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String each = rest.next();
      int equals = each.startsWith("--") ? each.indexOf('=') : -1;
      String name = equals < 0 ? each : each.substring(0, equals);
      if (flags.contains(each)) {
        given.add(each);
      } else if (!options.contains(name)) {
        throw new IllegalArgumentException(each + ": unknown argument");
      } else if (equals >= 0) {
        values.put(name, each.substring(equals + 1));
      } else if (rest.hasNext()) {
        values.put(name, rest.next());
      } else {
        throw new IllegalArgumentException(name + ": no value given");
      }
    }
    return new Arguments(values, given);
  }

  /** Returns the value of an option, if it was given. */
  public Optional<String> value(String option) {
    return Optional.ofNullable(values.get(option));
  }

  /**
   * Returns the value of a required option.
   *
   * @throws IllegalArgumentException if it was not given
   */
  public String required(String option) {
    return value(option)
        .orElseThrow(() -> new IllegalArgumentException(option + ": missing (expected: a value)"));
  }

  /** Returns whether a flag was given. */
  public boolean has(String flag) {
    return flags.contains(flag);
  }
}
