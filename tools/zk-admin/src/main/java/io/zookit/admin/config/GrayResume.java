package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.GrayRelease;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lets a gray release go on. */
@Command(
    name = "resume",
    description = "Let a paused gray release go on.",
    footer = "  zookit config gray resume prod/checkout/limits trial")
final class GrayResume extends GrayVerb {

  @Mixin
  private ApprovalOptions approvals = new ApprovalOptions();

  GrayResume(Shell shell) {
    super(shell);
  }

  @Override
  ApprovalOptions approvals() {
    return approvals;
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    GrayRelease gray = gray(store);
    gray.resume(approvals.applyTo(change()));
    return show(gray);
  }
}
