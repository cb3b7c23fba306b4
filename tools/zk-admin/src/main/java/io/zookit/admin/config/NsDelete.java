package io.zookit.admin.config;

import io.zookit.admin.shell.Consent;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Deletes a namespace. */
@Command(
    name = "delete",
    description = {
      "Delete a namespace: clients keep what they have and are told.",
      "Everything stays, and `zookit config ns restore` brings it back."
    },
    footer = "  zookit config ns delete prod/checkout/limits -m 'no longer used' --yes")
final class NsDelete extends NamespaceVerb {

  @Mixin
  private Consent consent = new Consent();

  @Mixin
  private Signature signature = new Signature();

  @Mixin
  private ApprovalOptions approvals = new ApprovalOptions();

  NsDelete(Shell shell) {
    super(shell);
  }

  @Override
  ApprovalOptions approvals() {
    return approvals;
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    state(store);
    String what = "delete namespace " + ns() + ", which "
        + store.instances(ns()).size() + " live instances follow";
    if (consent.isGiven(shell(), what)) {
      store.delete(ns(), approvals.applyTo(signature.change(shell())));
      shell().say("namespace " + ns() + " is deleted; it can be restored");
    }
    return ExitCode.OK;
  }
}
