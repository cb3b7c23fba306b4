package io.zookit.admin.command.config.ns;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.CommandGroup;
import io.zookit.admin.cli.Confirmation;
import io.zookit.admin.cli.DurationConverter;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.ReadFailures;
import io.zookit.admin.cli.VerbOrder;
import io.zookit.admin.command.config.ApprovalOptions;
import io.zookit.admin.command.config.ChangeOptions;
import io.zookit.admin.command.config.ConfigCommand;
import io.zookit.admin.command.config.NamespaceArgument;
import io.zookit.admin.command.config.NamespaceLayout;
import io.zookit.admin.command.config.policy.PolicyDocument;
import io.zookit.admin.output.DisplayText;
import io.zookit.admin.output.Layout;
import io.zookit.admin.output.Page;
import io.zookit.config.ConfigStore;
import io.zookit.config.Policy;
import io.zookit.views.NamespaceShape;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands about namespaces. */
@Command(name = "ns", description = "Namespaces: create, describe, delete, restore.")
@VerbOrder({"list", "create", "describe", "delete", "restore", "purge"})
public final class NamespaceCommand extends CommandGroup {

  private final ConfigCommand config;

  /** Below the commands about the configuration. */
  public NamespaceCommand(ConfigCommand config) {
    super(config.context());
    this.config = config;
  }

  @Command(
      name = "list",
      description = {
        "List the namespaces, those that are deleted too.",
        "What cannot be read is a row with the reason; then the exit code is 1."
      },
      footer = {"  zookit config ns list", "  zookit config ns list prod/ -o name"})
  ExitCode list(
      @Parameters(
              paramLabel = "PREFIX",
              arity = "0..1",
              defaultValue = "",
              description = "What the names begin with.")
          String prefix)
      throws InterruptedException {
    return config.exitCode(store -> {
      ConfigStore.Inventory all = store.inventory();
      ReadFailures failures = new ReadFailures();
      all.unreadable().stream()
          .filter(each -> each.name().startsWith(prefix))
          .forEach(each -> failures.add(each.name(), each.reason()));
      List<NamespaceShape> namespaces = NamespaceShape.of(all).stream()
          .filter(each -> each.namespace().startsWith(prefix))
          .toList();
      context().output().list(namespaces, NamespaceLayout.OF_NAMESPACE);
      return failures.code(context());
    });
  }

  @Command(
      name = "create",
      description = "Create a namespace without a release; publishing creates one, too.",
      footer = "  zookit config ns create prod/checkout/limits -m 'for the new checkout'")
  void create(@Mixin NamespaceArgument ns, @Mixin ChangeOptions options)
      throws InterruptedException {
    config.withStore(store -> {
      if (!store.create(ns.name(), options.change(context()))) {
        throw new CommandException(
            ExitCode.CONFLICT,
            "namespace " + ns + " exists already; `zookit config ns describe " + ns + "` shows it");
      }
      context()
          .info("namespace " + ns + " is created; `zookit config patch " + ns
              + " KEY=VALUE` publishes its first release");
    });
  }

  @Command(
      name = "describe",
      description = "Show what is in force in a namespace, and its policy.",
      footer = {
        "  zookit config ns describe prod/checkout/limits",
        "  zookit config ns describe prod/checkout/limits -o json"
      })
  void describe(@Mixin NamespaceArgument ns) throws InterruptedException {
    config.withStore(store -> context()
        .output()
        .show(
            new DescriptionDocument(NamespaceShape.of(ns.state(store)), store.policy(ns.name())),
            DescriptionDocument.LAYOUT));
  }

  /**
   * A namespace and its policy as programs see them.
   *
   * @param state the state, its fields unwrapped next to {@code policy}
   */
  record DescriptionDocument(@JsonUnwrapped NamespaceShape state, Policy policy) {

    static final Layout<DescriptionDocument> LAYOUT =
        Layout.ofPage(each -> each.state.namespace(), DescriptionDocument::page);

    private Page page() {
      Page page = NamespaceLayout.OF_NAMESPACE.page(state);
      page.field("epoch", state.epoch());
      page.field("last release", state.lastRelease());
      page.optional("pinned", DisplayText.list(state.pins()));
      page.optional("layers", DisplayText.list(state.layers()));
      return PolicyDocument.rules(page, policy);
    }
  }

  @Command(
      name = "delete",
      description = {
        "Delete a namespace: clients keep what they have and are notified.",
        "Everything stays, and `zookit config ns restore` brings it back."
      },
      footer = "  zookit config ns delete prod/checkout/limits -m 'no longer used' --yes")
  void delete(
      @Mixin NamespaceArgument ns,
      @Mixin Confirmation consent,
      @Mixin ChangeOptions options,
      @Mixin ApprovalOptions approvals)
      throws InterruptedException {
    config.withStore(approvals, store -> {
      ns.state(store);
      String what = "delete namespace " + ns + ", followed by "
          + DisplayText.count(store.instances(ns.name()).size(), "live instance");
      if (consent.isGiven(context(), what)) {
        store.delete(ns.name(), approvals.applyTo(options.change(context())));
        context().info("namespace " + ns + " is deleted; it can be restored");
      }
    });
  }

  @Command(
      name = "restore",
      description = "Restore a deleted namespace.",
      footer = "  zookit config ns restore prod/checkout/limits")
  void restore(
      @Mixin NamespaceArgument ns, @Mixin ChangeOptions options, @Mixin ApprovalOptions approvals)
      throws InterruptedException {
    config.withStore(approvals, store -> {
      store.restore(ns.name(), approvals.applyTo(options.change(context())));
      context().info("namespace " + ns + " is restored");
    });
  }

  @Command(
      name = "purge",
      description = {
        "Remove the releases and drafts of a deleted namespace for good. History and numbers stay.",
        "Refused while instances use it, and before it has been deleted for --grace."
      },
      footer = "  zookit config ns purge prod/checkout/limits --grace 7d --yes")
  void purge(
      @Mixin NamespaceArgument ns,
      @Option(
              names = "--grace",
              paramLabel = "TIME",
              converter = DurationConverter.class,
              defaultValue = "7d",
              description = "How long it must have been deleted. Default: 7d.")
          Duration grace,
      @Mixin Confirmation consent,
      @Mixin ChangeOptions options,
      @Mixin ApprovalOptions approvals)
      throws InterruptedException {
    config.withStore(approvals, store -> {
      int releases = ns.state(store).lastRelease();
      if (consent.isGiven(
          context(),
          "remove " + DisplayText.count(releases, "release") + " of " + ns + " for good")) {
        store.maintenance().purge(ns.name(), grace, approvals.applyTo(options.change(context())));
        context().info("namespace " + ns + " is purged");
      }
    });
  }
}
