package io.zookit.admin.context;

import io.zookit.admin.shell.Contexts;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.admin.shell.Verb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes a context the one in use. */
@Command(
    name = "use",
    description =
        "Use a context from now on, where no option and no ZOOKIT_CONNECT says otherwise.",
    footer = "  zookit context use prod")
final class ContextUse extends Verb {

  @Parameters(paramLabel = "NAME", description = "The name of the context.")
  private String name = "";

  ContextUse(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run() {
    Contexts contexts = shell().contexts();
    contexts.named(name);
    shell().save(contexts.using(name));
    shell().say("context " + name + " is in use");
    return ExitCode.OK;
  }
}
