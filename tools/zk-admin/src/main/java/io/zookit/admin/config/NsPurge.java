package io.zookit.admin.config;

import io.zookit.admin.shell.Consent;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.admin.shell.Times;
import io.zookit.config.ConfigStore;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Removes a deleted namespace. */
@Command(
    name = "purge",
    description = {
      "Remove the releases and drafts of a deleted namespace for ever. History and numbers stay.",
      "Refused while instances use it, and before it has been deleted for --grace."
    },
    footer = "  zookit config ns purge prod/checkout/limits --grace 7d --yes")
final class NsPurge extends NamespaceVerb {

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      converter = Times.class,
      description = "How long it must have been deleted. Default: 7d.")
  private Duration grace = Duration.ofDays(7);

  @Mixin
  private Consent consent = new Consent();

  @Mixin
  private Signature signature = new Signature();

  @Mixin
  private ApprovalOptions approvals = new ApprovalOptions();

  NsPurge(Shell shell) {
    super(shell);
  }

  @Override
  ApprovalOptions approvals() {
    return approvals;
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    int releases = state(store).lastRelease();
    if (consent.isGiven(shell(), "remove the " + releases + " releases of " + ns() + " for ever")) {
      store.maintenance().purge(ns(), grace, approvals.applyTo(signature.change(shell())));
      shell().say("namespace " + ns() + " is purged");
    }
    return ExitCode.OK;
  }
}
