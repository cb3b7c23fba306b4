package io.zookit.admin.context;

import io.zookit.admin.shell.Contexts;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.admin.shell.Verb;
import picocli.CommandLine.Command;

/** Lists the contexts. */
@Command(
    name = "list",
    description = "List the contexts, and which is in use.",
    footer = {"  zookit context list", "  zookit context list -o name"})
final class ContextList extends Verb {

  ContextList(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run() {
    Contexts contexts = shell().contexts();
    shell()
        .output()
        .list(
            contexts.byName().keySet().stream()
                .map(name -> ContextDocument.of(contexts, name, false))
                .toList(),
            new ContextDocument.Lines());
    return ExitCode.OK;
  }
}
