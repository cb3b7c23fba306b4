package io.zookit.admin.shell;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A name that needs another after it. */
@Command(synopsisSubcommandLabel = "COMMAND")
final class Incomplete implements Runnable {

  @Spec
  private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw at(spec);
  }

  /** The exception for a command line that ends there. */
  static ParameterException at(CommandSpec spec) {
    return new ParameterException(
        spec.commandLine(),
        "no command given (expected: " + String.join(", ", HelpPages.ordered(spec).keySet()) + ")");
  }
}
