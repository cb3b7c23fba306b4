package io.zookit.admin.command.config.policy;

import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.CommandGroup;
import io.zookit.admin.cli.ExitCode;
import io.zookit.admin.cli.VerbOrder;
import io.zookit.admin.command.config.ApprovalOptions;
import io.zookit.admin.command.config.ChangeOptions;
import io.zookit.admin.command.config.ConfigCommand;
import io.zookit.admin.command.config.NamespaceArgument;
import io.zookit.config.Policy;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The commands about policies. */
@Command(
    name = "policy",
    description = "Rules of a namespace: schema, secrets, layers, retention, approvals, freezes.")
@VerbOrder({"show", "set"})
public final class PolicyCommand extends CommandGroup {

  private final ConfigCommand config;

  /** Below the commands about the configuration. */
  public PolicyCommand(ConfigCommand config) {
    super(config.context());
    this.config = config;
  }

  @Command(
      name = "show",
      description = {
        "Show the rules of a namespace.",
        "With --schema: only its JSON Schema, as it is."
      },
      footer = {
        "  zookit config policy show prod/checkout/limits",
        "  zookit config policy show prod/checkout/limits --schema > limits.schema.json"
      })
  void show(
      @Mixin NamespaceArgument ns,
      @Option(names = "--schema", description = "Only the JSON Schema.") boolean schema)
      throws InterruptedException {
    config.withStore(store -> {
      ns.state(store);
      Policy policy = store.policy(ns.name());
      if (schema) {
        context().output().raw(policy.schema() + "\n");
      } else {
        PolicyDocument.show(context(), ns.name(), policy);
      }
    });
  }

  @Command(
      name = "set",
      description = {
        "Change rules of a namespace; those that are not named stay.",
        "A list that is given replaces the previous one; --no-... empties it."
      },
      footer = {
        "  zookit config policy set prod/checkout/limits --secret 'db.*' --approvals 1 -m audit",
        "  zookit config policy set prod/checkout/limits --schema limits.schema.json --dry-run",
        "  zookit config policy set prod/checkout/limits --keep-newest 50 --keep-for 90d",
        "  zookit config policy set prod/checkout/limits -m 'end of year' \\",
        "      --freeze 2026-12-20T00:00:00Z/2027-01-02T00:00:00Z"
      })
  void set(
      @Mixin NamespaceArgument ns,
      @ArgGroup(exclusive = false, multiplicity = "1") PolicyEdits edits,
      @Option(names = "--dry-run", description = "Only show what the policy would be.")
          boolean dryRun,
      @Mixin ChangeOptions options,
      @Mixin ApprovalOptions approvals)
      throws InterruptedException {
    config.withStore(approvals, store -> {
      ns.state(store);
      Policy before = store.policy(ns.name());
      Policy after = edits.apply(before, context(), options.message());
      if (dryRun) {
        requireSound(ns, before, after);
        PolicyDocument.show(context(), ns.name(), after);
      } else if (after.equals(before)) {
        context().info("the policy of " + ns + " is that already");
      } else {
        store.setPolicy(ns.name(), after, approvals.applyTo(options.change(context())));
        context().info("the policy of " + ns + " is changed");
      }
    });
  }

  private static void requireSound(NamespaceArgument ns, Policy before, Policy after) {
    List<String> problems = after.schema().equals(before.schema()) ? List.of() : after.problems();
    if (!problems.isEmpty()) {
      throw new CommandException(ExitCode.REJECTED, ns + ": " + String.join("; ", problems));
    }
  }
}
