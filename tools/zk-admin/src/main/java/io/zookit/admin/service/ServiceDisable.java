package io.zookit.admin.service;

import io.zookit.admin.shell.Consent;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.registry.ServiceRegistry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Takes an instance out of rotation. */
@Command(
    name = "disable",
    description = "Let nobody choose an instance, whatever happens; it keeps running.",
    footer = {
      "  zookit service disable payments/10.0.0.7-8080",
      "  zookit service disable payments/p-1 --for 30m"
    })
final class ServiceDisable extends InstanceVerb {

  @Mixin
  private Consent consent = new Consent();

  ServiceDisable(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ServiceRegistry registry) throws InterruptedException {
    requireThere(registry);
    return consent.isGiven(shell(), "take instance " + instance() + " out of rotation")
        ? change(registry, rule -> withDisabled(rule, true))
        : ExitCode.OK;
  }
}
