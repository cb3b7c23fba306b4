package io.zookit.admin.config;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Release;
import io.zookit.config.format.Diff;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes an earlier content stable again. */
@Command(
    name = "rollback",
    description = {
      "Make the content that was stable before stable again, as a new release.",
      "Again and again it goes further back; history stays as it is. The difference is shown as a message.",
      "In an emergency: --override-freeze goes through a freeze window, --abort-grays ends open gray releases with it."
    },
    footer = {
      "  zookit config rollback prod/checkout/limits -m 'orders fail'",
      "  zookit config rollback prod/checkout/limits --to 55 --wait",
      "  zookit config rollback prod/checkout/limits --override-freeze --abort-grays -m 'orders fail'"
    })
final class ConfigRollback extends NamespaceVerb {

  @Option(
      names = "--to",
      paramLabel = "REL",
      description = "The release whose content it is to be. Default: the one before.")
  @Nullable
  private String to;

  @Mixin
  private Signature signature = new Signature();

  @Mixin
  private Overrides overrides = new Overrides();

  @Mixin
  private ReleaseWait waiting = new ReleaseWait();

  @Mixin
  private ApprovalOptions approvals = new ApprovalOptions();

  ConfigRollback(Shell shell) {
    super(shell);
  }

  @Override
  ApprovalOptions approvals() {
    return approvals;
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    int before = state(store).lastRelease();
    Change change = waiting.announce(overrides.allow(approvals.applyTo(signature.change(shell()))));
    Release release = to == null
        ? store.rollback(ns(), change)
        : store.rollback(ns(), release(store, to).number(), change);
    if (release.number() > before) {
      show(store, release);
    }
    shell().output().show(ReleaseDocument.of(release), ReleaseDocument.LAYOUT);
    waiting.await(shell(), store, ns());
    return ExitCode.OK;
  }

  /** Writes as messages what the rollback has changed: an emergency has no time for a question. */
  private void show(ConfigStore store, Release release) throws InterruptedException {
    int replaced = release.parent().orElse(0);
    if (replaced > 0) {
      Diff diff =
          store.history(ns()).diff(Integer.toString(replaced), Integer.toString(release.number()));
      shell().say(ns() + ": release " + release.number() + " on top of " + replaced + ":");
      Differences.lines(diff).forEach(line -> shell().say("  " + line.text()));
    }
  }
}
