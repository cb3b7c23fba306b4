package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Release;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Makes a gray release stable. */
@Command(
    name = "promote",
    description = "Make the content of a gray release stable, as a new release.",
    footer = "  zookit config gray promote prod/checkout/limits trial -m 'all is well' --wait")
final class GrayPromote extends GrayVerb {

  @Mixin
  private FreezeOverride freeze = new FreezeOverride();

  @Mixin
  private ReleaseWait waiting = new ReleaseWait();

  @Mixin
  private ApprovalOptions approvals = new ApprovalOptions();

  GrayPromote(Shell shell) {
    super(shell);
  }

  @Override
  ApprovalOptions approvals() {
    return approvals;
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    Release release =
        gray(store).promote(waiting.announce(freeze.allow(approvals.applyTo(change()))));
    shell().output().show(ReleaseDocument.of(release), ReleaseDocument.LAYOUT);
    waiting.await(shell(), store, ns());
    return ExitCode.OK;
  }
}
