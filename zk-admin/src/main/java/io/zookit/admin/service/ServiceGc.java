package io.zookit.admin.service;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.Consent;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.registry.Leftover;
import io.zookit.registry.ServiceRegistry;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Removes what is left over. */
@Command(
    name = "gc",
    description = {
      "Remove services without any instance, and what was said of instances that have gone or for a time that is over.",
      "A service that has an instance again by then stays as it is. An instance that is only away for a moment counts as"
          + " gone."
    },
    footer = {"  zookit service gc --dry-run", "  zookit service gc payments --yes"})
final class ServiceGc extends ServiceVerb {

  @Parameters(
      paramLabel = "SERVICE",
      arity = "0..*",
      description = "The names of the services. Default: all.")
  private List<String> services = List.of();

  @Mixin
  private Consent consent = new Consent();

  ServiceGc(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ServiceRegistry registry) throws InterruptedException {
    List<Leftover> leftovers = registry.upkeep().leftovers().stream()
        .filter(each -> services.isEmpty() || services.contains(each.service()))
        .toList();
    if (leftovers.isEmpty()) {
      shell().say("there is nothing to remove");
      return ExitCode.OK;
    }
    shell()
        .output()
        .list(leftovers.stream().map(LeftoverDocument::of).toList(), LeftoverDocument.LAYOUT);
    long empty = leftovers.stream().filter(Leftover::empty).count();
    long rules = leftovers.stream()
        .filter(each -> !each.empty())
        .mapToLong(each -> each.rules().size())
        .sum();
    if (consent.isGiven(
        shell(), "remove services without instances: " + empty + ", rules of others: " + rules)) {
      remove(registry, leftovers);
    }
    return ExitCode.OK;
  }

  private void remove(ServiceRegistry registry, List<Leftover> leftovers)
      throws InterruptedException {
    List<String> changed = new ArrayList<>();
    for (Leftover each : leftovers) {
      if (!registry.upkeep().remove(each)) {
        changed.add(each.service());
      }
    }
    shell().say((leftovers.size() - changed.size()) + " of " + leftovers.size() + " removed");
    if (!changed.isEmpty()) {
      throw new CommandException(
          ExitCode.CONFLICT, "changed meanwhile, and left alone: " + String.join(", ", changed));
    }
  }
}
