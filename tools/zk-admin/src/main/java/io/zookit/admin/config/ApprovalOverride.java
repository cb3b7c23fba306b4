package io.zookit.admin.config;

import io.zookit.config.Change;
import picocli.CommandLine.Option;

/** The way around missing approvals, for an emergency. */
final class ApprovalOverride {

  @Option(
      names = "--override-approvals",
      description = "Go through without the approvals that the policy requires, because of -m;"
          + " the audit says so.")
  private boolean override;

  Change applyTo(Change change) {
    return override ? change.overrideApprovals() : change;
  }
}
