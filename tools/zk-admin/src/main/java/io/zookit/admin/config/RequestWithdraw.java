package io.zookit.admin.config;

import io.zookit.admin.shell.Consent;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Drafts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Deletes a request. */
@Command(
    name = "withdraw",
    description = "Delete a request for approval.",
    footer = "  zookit config request withdraw prod/checkout/limits rollback-3f2a9c1b --yes")
final class RequestWithdraw extends RequestVerb {

  @Mixin
  private Consent consent = new Consent();

  RequestWithdraw(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    Drafts.ApprovalRequest request = request(store);
    String what = "withdraw request " + request.id() + " of " + ns() + ", by " + request.author();
    if (consent.isGiven(shell(), what)) {
      store.drafts(ns()).withdraw(request);
      shell().say("request " + request.id() + " is withdrawn");
    }
    return ExitCode.OK;
  }
}
