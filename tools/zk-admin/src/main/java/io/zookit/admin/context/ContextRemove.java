package io.zookit.admin.context;

import io.zookit.admin.shell.Consent;
import io.zookit.admin.shell.Contexts;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.admin.shell.Verb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Forgets a context. */
@Command(
    name = "remove",
    description = "Remove a context from the file.",
    footer = {"  zookit context remove old", "  zookit context remove old --yes"})
final class ContextRemove extends Verb {

  @Parameters(paramLabel = "NAME", description = "The name of the context.")
  private String name = "";

  @Mixin
  private Consent consent = new Consent();

  ContextRemove(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run() {
    Contexts contexts = shell().contexts();
    String connect = contexts.named(name).connect();
    if (consent.isGiven(shell(), "remove context " + name + ", " + connect)) {
      shell().save(contexts.without(name));
      shell().say("context " + name + " is removed");
    }
    return ExitCode.OK;
  }
}
