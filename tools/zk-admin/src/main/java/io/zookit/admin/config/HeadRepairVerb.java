package io.zookit.admin.config;

import io.zookit.admin.shell.Consent;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.NamespaceState;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Rebuilds a damaged or missing head from the history of its namespace. */
@Command(
    name = "repair",
    description = {
      "Make the head of a namespace anew from its history, when it is damaged or missing.",
      "Gray releases and votes that were open end; clients take the new head, under a new epoch.",
      "Another stable release than the history says needs the approvals of the policy."
    },
    footer = {
      "  zookit config head repair prod/checkout/limits --dry-run",
      "  zookit config head repair prod/checkout/limits --stable 57 --yes -m 'head was garbage'"
    })
final class HeadRepairVerb extends NamespaceVerb {

  @Option(
      names = "--stable",
      paramLabel = "N",
      description = "The release to be stable. Default: the one that the history says.")
  @Nullable
  private Integer stable;

  @Mixin
  private Consent consent = new Consent();

  @Mixin
  private Signature signature = new Signature();

  @Mixin
  private ApprovalOptions approvals = new ApprovalOptions();

  HeadRepairVerb(Shell shell) {
    super(shell);
  }

  @Override
  ApprovalOptions approvals() {
    return approvals;
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    OptionalInt chosen = stable == null ? OptionalInt.empty() : OptionalInt.of(stable);
    NamespaceState proposed = store.maintenance().repairedHead(ns(), chosen);
    if (consent.isGiven(shell(), "make the head of " + ns() + " anew: " + standing(proposed))) {
      Change change = approvals.applyTo(signature.change(shell()));
      NamespaceState now = store.maintenance().repairHead(ns(), chosen, change);
      shell().say("the head of " + ns() + " is made anew, under epoch " + now.epoch());
    }
    return ExitCode.OK;
  }

  private static String standing(NamespaceState state) {
    String release =
        state.stable().isPresent() ? "release " + state.stable().getAsInt() : "no release";
    return release + " is stable, the last one is " + state.lastRelease()
        + (state.deleted() ? ", deleted" : "")
        + (state.pins().isEmpty() ? "" : ", pinned " + state.pins())
        + (state.layers().isEmpty() ? "" : ", above " + state.layers());
  }
}
