package io.zookit.admin.context;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.Contexts;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.admin.shell.Verb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a context. */
@Command(
    name = "show",
    description = "Show a context; without a name, the one in use.",
    footer = {"  zookit context show", "  zookit context show prod --reveal"})
final class ContextShow extends Verb {

  @Parameters(paramLabel = "NAME", arity = "0..1", description = "The name of the context.")
  private String name = "";

  @Option(names = "--reveal", description = "Show the password, if it stands in the file.")
  private boolean reveal;

  ContextShow(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run() {
    Contexts contexts = shell().contexts();
    String shown = name.isEmpty()
        ? contexts
            .current()
            .orElseThrow(() -> new CommandException(ExitCode.NOT_FOUND, "no context is in use"))
        : name;
    shell().output().show(ContextDocument.of(contexts, shown, reveal), new ContextDocument.Lines());
    return ExitCode.OK;
  }
}
