package io.zookit.admin.command.service;

import io.zookit.admin.cli.CommandContext;
import io.zookit.admin.cli.CommandException;
import io.zookit.admin.cli.Confirmation;
import io.zookit.admin.cli.ExitCode;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.policy.CircuitOverride;
import io.zookit.registry.policy.InstanceRule;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Overrides the circuit breakers that consumers keep for an instance. */
@Command(
    name = "break",
    description = {
      "Override the circuit breakers that consumers keep for an instance.",
      "forced-open: no consumer calls it. disabled: no consumer takes it out of rotation because of failed calls or"
          + " missing heartbeats. auto: each consumer decides for itself again."
    },
    footer = {
      "  zookit service break payments/p-1                    forced open",
      "  zookit service break payments/p-1 --for 30m --yes",
      "  zookit service break payments/p-1 disabled",
      "  zookit service break payments/p-1 auto"
    })
final class BreakCommand implements Callable<ExitCode> {

  private final ServiceCommand services;
  private final CommandContext context;

  @Mixin
  private RuleChange change = new RuleChange();

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "STATE",
      description = "forced-open, disabled or auto. Default: forced-open.")
  private String state = "forced-open";

  @Mixin
  private Confirmation consent = new Confirmation();

  BreakCommand(ServiceCommand services) {
    this.services = services;
    this.context = services.context();
  }

  @Override
  public ExitCode call() throws InterruptedException {
    services.withRegistry(registry -> {
      switch (state) {
        case "forced-open" ->
          override(registry, CircuitOverride.FORCED_OPEN, "force the circuit of instance %s open");
        case "disabled" ->
          override(
              registry, CircuitOverride.DISABLED, "turn off the circuit breakers of instance %s");
        case "auto" -> {
          if (!consent.isDryRun(
              context, "let consumers decide about instance " + change.instance())) {
            change.apply(context, registry, InstanceRule::withoutCircuit);
          }
        }
        default ->
          throw new CommandException(
              ExitCode.USAGE, "\"" + state + "\" (expected: forced-open, disabled or auto)");
      }
    });
    return ExitCode.OK;
  }

  private void override(ServiceRegistry registry, CircuitOverride circuit, String what)
      throws InterruptedException {
    change.requireRegistered(context, registry);
    if (consent.isGiven(context, String.format(what, change.instance()))) {
      change.apply(context, registry, rule -> overridden(rule, circuit));
    }
  }

  /** A disabled instance must stay disabled after the override has ended, so it gets none. */
  private InstanceRule overridden(InstanceRule rule, CircuitOverride circuit) {
    if (rule.disabled() && !rule.isForcedOpen() && circuit == CircuitOverride.FORCED_OPEN) {
      throw new CommandException(
          ExitCode.CONFLICT,
          "instance " + change.instance()
              + " is disabled, so no consumer calls it; `zookit service enable "
              + change.instance() + "` ends that");
    }
    return rule.withCircuit(circuit);
  }
}
