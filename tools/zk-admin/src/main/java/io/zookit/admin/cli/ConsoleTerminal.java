package io.zookit.admin.cli;

import java.io.Console;
import java.util.Optional;

/** The terminal this process was started from. */
final class ConsoleTerminal implements Terminal {

  private final Console console;

  ConsoleTerminal(Console console) {
    this.console = console;
  }

  @Override
  public Optional<String> ask(String question) {
    return Optional.ofNullable(console.readLine("%s", question));
  }

  @Override
  public Optional<String> askSecret(String question) {
    return Optional.ofNullable(console.readPassword("%s", question)).map(String::new);
  }
}
