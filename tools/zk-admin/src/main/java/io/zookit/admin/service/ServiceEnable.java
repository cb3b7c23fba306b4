package io.zookit.admin.service;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.registry.ServiceRegistry;
import picocli.CommandLine.Command;

/** Puts an instance into rotation. */
@Command(
    name = "enable",
    description = "Let an instance be chosen again that was disabled.",
    footer = "  zookit service enable payments/p-1")
final class ServiceEnable extends InstanceVerb {

  ServiceEnable(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ServiceRegistry registry) throws InterruptedException {
    return change(registry, rule -> withDisabled(rule, false));
  }
}
