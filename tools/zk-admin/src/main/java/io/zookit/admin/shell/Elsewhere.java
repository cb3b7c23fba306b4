package io.zookit.admin.shell;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** A command of another program, which only the launcher knows how to start. */
@Command
final class Elsewhere implements Runnable {

  private final String name;

  @Parameters(hidden = true)
  private List<String> rest = List.of();

  Elsewhere(String name) {
    this.name = name;
  }

  @Override
  public void run() {
    throw new CommandException(
        ExitCode.USAGE,
        name + ": is started by the launcher at the top of a checkout: ./zookit " + name
            + (rest.isEmpty() ? "" : " ..."));
  }
}
