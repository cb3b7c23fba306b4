package io.zookit.admin.config;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Makes a namespace. */
@Command(
    name = "create",
    description = "Make a namespace without a release; publishing makes one too.",
    footer = "  zookit config ns create prod/checkout/limits -m 'for the new checkout'")
final class NsCreate extends NamespaceVerb {

  @Mixin
  private Signature signature = new Signature();

  NsCreate(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    if (!store.create(ns(), signature.change(shell()))) {
      throw new CommandException(ExitCode.CONFLICT, "namespace " + ns() + " is there already");
    }
    shell().say("namespace " + ns() + " is made");
    return ExitCode.OK;
  }
}
