package io.zookit.admin.service;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.policy.InstanceRule;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Gives an instance another weight. */
@Command(
    name = "weight",
    description = "Give an instance another weight than its own; 0 takes no calls.",
    footer = {"  zookit service weight payments/p-1 50", "  zookit service weight payments/p-1 own"
    })
final class ServiceWeight extends InstanceVerb {

  @Parameters(
      index = "1",
      paramLabel = "N",
      description = "The weight, or own for the instance's own.")
  private String weight = "";

  ServiceWeight(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ServiceRegistry registry) throws InterruptedException {
    if (weight.equals("own")) {
      return change(registry, InstanceRule::withoutWeight);
    }
    int number = number();
    requireThere(registry);
    return change(registry, rule -> rule.withWeight(number));
  }

  private int number() {
    try {
      return Integer.parseInt(weight);
    } catch (NumberFormatException e) {
      throw new CommandException(
          ExitCode.USAGE, "weight: \"" + weight + "\" (expected: 0 to 1000000, or own)", e);
    }
  }
}
