package io.zookit.admin.command.config.ns;

import io.zookit.admin.cli.CommandGroup;
import io.zookit.admin.cli.Confirmation;
import io.zookit.admin.command.config.ApprovalOptions;
import io.zookit.admin.command.config.ChangeOptions;
import io.zookit.admin.command.config.ConfigCommand;
import io.zookit.admin.command.config.NamespaceArgument;
import io.zookit.admin.output.DisplayText;
import io.zookit.config.Change;
import io.zookit.config.NamespaceState;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The commands about the heads of namespaces. */
@Command(name = "head", description = "What is in force, when it is damaged.")
public final class HeadCommand extends CommandGroup {

  private final ConfigCommand config;

  /** Below the commands about the configuration. */
  public HeadCommand(ConfigCommand config) {
    super(config.context());
    this.config = config;
  }

  @Command(
      name = "repair",
      description = {
        "Rebuild the head of a namespace from its history, when it is damaged or missing.",
        "Gray releases and votes that were open end; clients take the new head, under a new epoch.",
        "Another stable release than the history says needs the approvals of the policy."
      },
      footer = {
        "  zookit config head repair prod/checkout/limits --dry-run",
        "  zookit config head repair prod/checkout/limits --stable 57 --yes -m 'head was garbage'"
      })
  void repair(
      @Mixin NamespaceArgument ns,
      @Option(
              names = "--stable",
              paramLabel = "N",
              description = "The release to be stable. Default: the one that the history says.")
          @Nullable
          Integer stable,
      @Mixin Confirmation consent,
      @Mixin ChangeOptions options,
      @Mixin ApprovalOptions approvals)
      throws InterruptedException {
    config.withStore(approvals, store -> {
      OptionalInt chosen = stable == null ? OptionalInt.empty() : OptionalInt.of(stable);
      NamespaceState proposed = store.maintenance().repairedHead(ns.name(), chosen);
      if (consent.isGiven(context(), "make the head of " + ns + " anew: " + summary(proposed))) {
        Change change = approvals.applyTo(options.change(context()));
        NamespaceState now = store.maintenance().repairHead(ns.name(), chosen, change);
        context().info("the head of " + ns + " is made anew, under epoch " + now.epoch());
      }
    });
  }

  private static String summary(NamespaceState state) {
    String release =
        state.stable().isPresent() ? "release " + state.stable().getAsInt() : "no release";
    return release + " is stable, the last one is " + state.lastRelease()
        + (state.deleted() ? ", deleted" : "")
        + (state.pins().isEmpty() ? "" : ", pinned " + DisplayText.list(state.pins()))
        + (state.layers().isEmpty() ? "" : ", above " + DisplayText.list(state.layers()));
  }
}
