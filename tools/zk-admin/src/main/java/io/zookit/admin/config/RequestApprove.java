package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Drafts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Approves a request. */
@Command(
    name = "approve",
    description = {
      "Approve a change that another requested, as it is.",
      "It counts for what is in force now; the requested command itself makes the change."
    },
    footer = "  zookit config request approve prod/checkout/limits rollback-3f2a9c1b")
final class RequestApprove extends RequestVerb {

  @Mixin
  private Signature signature = new Signature();

  RequestApprove(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    Drafts.ApprovalRequest approved =
        store.drafts(ns()).approve(request(store), signature.change(shell()));
    shell().output().show(RequestDocument.of(approved), RequestDocument.LAYOUT);
    return ExitCode.OK;
  }
}
