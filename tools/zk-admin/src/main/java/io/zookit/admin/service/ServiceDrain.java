package io.zookit.admin.service;

import io.zookit.admin.shell.Consent;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.registry.ServiceRegistry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Ends an instance. */
@Command(
    name = "drain",
    description = {
      "Let an instance end: consumers take it for leaving, and its provider ends it.",
      "Its process decides what it does after that."
    },
    footer = {"  zookit service drain payments/p-1", "  zookit service drain payments/p-1 --yes"})
final class ServiceDrain extends InstanceVerb {

  @Mixin
  private Consent consent = new Consent();

  ServiceDrain(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ServiceRegistry registry) throws InterruptedException {
    requireThere(registry);
    return consent.isGiven(shell(), "end instance " + instance())
        ? change(registry, rule -> rule.withDrain(true))
        : ExitCode.OK;
  }
}
