package io.zookit.admin.shell;

import java.io.Console;
import java.util.Optional;

/** Somebody who can be asked. */
public interface Terminal {

  /** Asks and reads a line; empty when the input has ended. */
  Optional<String> ask(String question);

  /** Asks for a secret, which is not shown; empty when the input has ended. */
  Optional<String> askSecret(String question);

  /** The terminal of this process: when both its input and its output are one. */
  @SuppressWarnings("SystemConsoleNull") // what it means from JDK 22 on is asked below
  static Optional<Terminal> ofThisProcess() {
    Console console = System.console();
    return console != null && isTerminal(console)
        ? Optional.of(new ConsoleTerminal(console))
        : Optional.empty();
  }

  /** From JDK 22 on there is a console also where there is no terminal, and it tells. */
  private static boolean isTerminal(Console console) {
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }
}
