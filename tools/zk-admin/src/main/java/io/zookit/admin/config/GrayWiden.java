package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.GrayRelease;
import io.zookit.config.gray.Audience;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Gives a gray release a greater audience. */
@Command(
    name = "widen",
    description = "Give a gray release a greater audience; whoever has it keeps it.",
    footer = "  zookit config gray widen prod/checkout/limits trial --to 'percent(25)'")
final class GrayWiden extends GrayVerb {

  @Option(
      names = "--to",
      paramLabel = "AUDIENCE",
      required = true,
      converter = AudienceWords.class,
      description = "Who is to have it.")
  private Audience audience = Audience.everyone();

  @Mixin
  private ApprovalOptions approvals = new ApprovalOptions();

  GrayWiden(Shell shell) {
    super(shell);
  }

  @Override
  ApprovalOptions approvals() {
    return approvals;
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    GrayRelease gray = gray(store);
    gray.widen(audience, approvals.applyTo(change()));
    return show(gray);
  }
}
