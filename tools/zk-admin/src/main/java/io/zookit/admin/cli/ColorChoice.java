package io.zookit.admin.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The choice of coloured output. */
enum ColorChoice {
  /** On a terminal, unless {@code NO_COLOR} is set. */
  AUTO,
  /** Also into files and pipes. */
  ALWAYS,
  /** Nowhere. */
  NEVER;

  boolean isOn(CliEnvironment environment) {
    return switch (this) {
      case ALWAYS -> true;
      case NEVER -> false;
      case AUTO ->
        environment.terminal().isPresent()
            && environment.variable("NO_COLOR").isEmpty()
            && !"dumb".equals(environment.variables().get("TERM"));
    };
  }

  /** Returns the choice of an unparsed command line, for the messages written if it cannot be parsed. */
  static ColorChoice in(List<String> args) {
    ColorChoice found = AUTO;
    for (int i = 0; i < args.size(); i++) {
      String value = args.get(i).startsWith("--color=")
          ? args.get(i).substring("--color=".length())
          : args.get(i).equals("--color") && i + 1 < args.size() ? args.get(i + 1) : "";
      found = named(value).orElse(found);
    }
    return found;
  }

  /** The choice of a name. */
  static Optional<ColorChoice> named(String name) {
    return Arrays.stream(values()).filter(each -> each.toString().equals(name)).findFirst();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
