package io.zookit.admin.cli;

import java.io.Console;
import java.util.Optional;

/** A terminal on which the user can answer questions. */
public interface Terminal {

  /** Asks and reads a line; empty when the input has ended. */
  Optional<String> ask(String question);

  /** Asks for a secret, which is not shown; empty when the input has ended. */
  Optional<String> askSecret(String question);

  /** The terminal of this process: when both its input and its output are one. */
  @SuppressWarnings("SystemConsoleNull") // its meaning since JDK 22 is checked below
  static Optional<Terminal> ofThisProcess() {
    Console console = System.console();
    return console != null && isTerminal(console)
        ? Optional.of(new ConsoleTerminal(console))
        : Optional.empty();
  }

  /** Returns whether the console is a terminal; since JDK 22 a console also exists without one, and reports so. */
  private static boolean isTerminal(Console console) {
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }
}
