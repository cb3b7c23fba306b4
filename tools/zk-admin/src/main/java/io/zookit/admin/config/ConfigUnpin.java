package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Release;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Ends a pin. */
@Command(
    name = "unpin",
    description = "Keep a release no longer than the retention says.",
    footer = "  zookit config unpin prod/checkout/limits 57")
final class ConfigUnpin extends NamespaceVerb {

  @Parameters(index = "1", paramLabel = "REL", description = "The release.")
  private String name = "";

  @Mixin
  private Signature signature = new Signature();

  ConfigUnpin(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    Release release = release(store, name);
    store.unpin(ns(), release.number(), signature.change(shell()));
    shell().say(release + " is not pinned");
    return ExitCode.OK;
  }
}
