package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Restores a namespace. */
@Command(
    name = "restore",
    description = "Restore a deleted namespace.",
    footer = "  zookit config ns restore prod/checkout/limits")
final class NsRestore extends NamespaceVerb {

  @Mixin
  private Signature signature = new Signature();

  @Mixin
  private ApprovalOptions approvals = new ApprovalOptions();

  NsRestore(Shell shell) {
    super(shell);
  }

  @Override
  ApprovalOptions approvals() {
    return approvals;
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    store.restore(ns(), approvals.applyTo(signature.change(shell())));
    shell().say("namespace " + ns() + " is restored");
    return ExitCode.OK;
  }
}
