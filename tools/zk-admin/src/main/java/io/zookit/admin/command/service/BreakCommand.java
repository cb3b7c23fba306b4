package io.zookit.admin.command.service;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.Consent;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
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
  private final Shell shell;

  @Mixin
  private RuleChange change = new RuleChange();

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "STATE",
      description = "forced-open, disabled or auto. Default: forced-open.")
  private String state = "forced-open";

  @Mixin
  private Consent consent = new Consent();

  BreakCommand(ServiceCommand services) {
    this.services = services;
    this.shell = services.shell();
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
          if (!consent.isDryRun(shell, "let consumers decide about instance " + change.instance())) {
            change.apply(shell, registry, InstanceRule::withoutCircuit);
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
    change.requireRegistered(shell, registry);
    if (consent.isGiven(shell, String.format(what, change.instance()))) {
      change.apply(shell, registry, rule -> overridden(rule, circuit));
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
