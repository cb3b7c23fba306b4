package io.zookit.admin.config;

import io.zookit.admin.shell.Shell;
import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Drafts;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options for the approvals that the policy requires for changes other than of content. */
final class ApprovalOptions {

  @Mixin
  private ApprovalOverride override = new ApprovalOverride();

  @Option(
      names = "--request-approval",
      description = "Where approvals are missing, ask for them instead of failing.")
  private boolean request;

  Change applyTo(Change change) {
    return override.applyTo(change);
  }

  boolean isRequested() {
    return request;
  }

  /** Stores a request and says how it is approved. */
  static void submit(Shell shell, ConfigStore store, Drafts.ApprovalRequest request)
      throws InterruptedException {
    Drafts.ApprovalRequest stored = store.drafts(request.namespace()).submit(request);
    shell.say("request " + stored.id() + " waits for approval; another person approves it with"
        + " `zookit config request approve " + stored.namespace() + " " + stored.id()
        + "`, then the same command goes through");
  }
}
