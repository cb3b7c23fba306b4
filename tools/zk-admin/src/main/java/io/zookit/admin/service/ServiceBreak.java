package io.zookit.admin.service;

import io.zookit.admin.shell.CommandException;
import io.zookit.admin.shell.Consent;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.policy.CircuitOverride;
import io.zookit.registry.policy.InstanceRule;
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
final class ServiceBreak extends InstanceVerb {

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "STATE",
      description = "forced-open, disabled or auto. Default: forced-open.")
  private String state = "forced-open";

  @Mixin
  private Consent consent = new Consent();

  ServiceBreak(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ServiceRegistry registry) throws InterruptedException {
    return switch (state) {
      case "forced-open" ->
        override(registry, CircuitOverride.FORCED_OPEN, "force the circuit of instance %s open");
      case "disabled" ->
        override(
            registry, CircuitOverride.DISABLED, "turn off the circuit breakers of instance %s");
      case "auto" ->
        consent.isDryRun(shell(), "let consumers decide about instance " + instance())
            ? ExitCode.OK
            : change(registry, InstanceRule::withoutCircuit);
      default ->
        throw new CommandException(
            ExitCode.USAGE, "\"" + state + "\" (expected: forced-open, disabled or auto)");
    };
  }

  private ExitCode override(ServiceRegistry registry, CircuitOverride circuit, String what)
      throws InterruptedException {
    requireThere(registry);
    return consent.isGiven(shell(), String.format(what, instance()))
        ? change(registry, rule -> overridden(rule, circuit))
        : ExitCode.OK;
  }

  /** A disabled instance must stay disabled after the override has ended, so it gets none. */
  private InstanceRule overridden(InstanceRule rule, CircuitOverride circuit) {
    if (rule.disabled() && !rule.isForcedOpen() && circuit == CircuitOverride.FORCED_OPEN) {
      throw new CommandException(
          ExitCode.CONFLICT,
          "instance " + instance()
              + " is disabled, so no consumer calls it; `zookit service enable " + instance()
              + "` ends that");
    }
    return rule.withCircuit(circuit);
  }
}
