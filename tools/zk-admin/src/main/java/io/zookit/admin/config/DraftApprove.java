package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Draft;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Approves a draft. */
@Command(
    name = "approve",
    description =
        "Approve a draft of somebody else as it is; saving it again takes approvals away.",
    footer = "  zookit config draft approve prod/checkout/limits --by ben")
final class DraftApprove extends DraftVerb {

  @Mixin
  private Signature signature = new Signature();

  DraftApprove(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    Draft approved = store.drafts(ns()).approve(draft(store), signature.change(shell()));
    DraftDocument.show(shell(), approved);
    return ExitCode.OK;
  }
}
