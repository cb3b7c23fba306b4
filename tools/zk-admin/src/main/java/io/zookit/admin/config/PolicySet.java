package io.zookit.admin.config;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.config.ConfigStore;
import io.zookit.config.Policy;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Changes a policy. */
@Command(
    name = "set",
    description = {
      "Change rules of a namespace; those that are not named stay.",
      "A list that is given replaces the one that was there; --no-... empties it."
    },
    footer = {
      "  zookit config policy set prod/checkout/limits --secret 'db.*' --approvals 1 -m audit",
      "  zookit config policy set prod/checkout/limits --schema limits.schema.json --dry-run",
      "  zookit config policy set prod/checkout/limits --keep-newest 50 --keep-for 90d",
      "  zookit config policy set prod/checkout/limits -m 'end of year' \\",
      "      --freeze 2026-12-20T00:00:00Z/2027-01-02T00:00:00Z"
    })
final class PolicySet extends NamespaceVerb {

  @ArgGroup(exclusive = false, multiplicity = "1")
  private PolicyEdits edits = new PolicyEdits();

  @Option(names = "--dry-run", description = "Only show what the policy would be.")
  private boolean dryRun;

  @Mixin
  private Signature signature = new Signature();

  @Mixin
  private ApprovalOptions approvals = new ApprovalOptions();

  PolicySet(Shell shell) {
    super(shell);
  }

  @Override
  ApprovalOptions approvals() {
    return approvals;
  }

  @Override
  protected ExitCode run(ConfigStore store) throws InterruptedException {
    state(store);
    Policy before = store.policy(ns());
    Policy after = edits.apply(before, shell(), signature.message());
    if (dryRun) {
      requireSound(before, after);
      shell().output().show(PolicyDocument.of(ns(), after), new PolicyDocument.Lines());
    } else if (after.equals(before)) {
      shell().say("the policy of " + ns() + " is that already");
    } else {
      store.setPolicy(ns(), after, approvals.applyTo(signature.change(shell())));
      shell().say("the policy of " + ns() + " is changed");
    }
    return ExitCode.OK;
  }

  private void requireSound(Policy before, Policy after) {
    List<String> problems = after.schema().equals(before.schema()) ? List.of() : after.problems();
    if (!problems.isEmpty()) {
      throw new CommandException(ExitCode.REJECTED, ns() + ": " + String.join("; ", problems));
    }
  }
}
