package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Release;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Keeps a release indefinitely. */
@Command(
    name = "pin",
    description = "Keep a release for ever, whatever the retention.",
    footer = "  zookit config pin prod/checkout/limits 57 -m 'the audit wants it'")
final class ConfigPin extends NamespaceVerb {

  @Parameters(index = "1", paramLabel = "REL", description = "The release.")
  private String name = "";

  @Mixin
  private Signature signature = new Signature();

  ConfigPin(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    Release release = release(store, name);
    store.pin(ns(), release.number(), signature.change(shell()));
    shell().say(release + " is pinned");
    return ExitCode.OK;
  }
}
