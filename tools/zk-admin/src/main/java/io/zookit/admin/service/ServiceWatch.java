package io.zookit.admin.service;

import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.admin.shell.Watching;
import io.zookit.core.LiveValue;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.ServiceView;
import io.zookit.registry.policy.ServicePolicy;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Follows a service. */
@Command(
    name = "watch",
    description = "Follow the instances of a service until Ctrl-C: them now, and each change.",
    footer = {
      "  zookit service watch payments",
      "  zookit service watch payments -o json --changes 1"
    })
final class ServiceWatch extends ServiceVerb {

  @Parameters(
      paramLabel = "SERVICE",
      description = "The name of the service; it needs no instances.")
  private String service = "";

  @Mixin
  private Watching watching = new Watching();

  ServiceWatch(Shell shell) {
    super(shell);
  }

  @Override
  protected ExitCode run(ServiceRegistry registry) throws InterruptedException {
    try (ServiceView view = registry.discover(service);
        LiveValue<ServicePolicy> policy = registry.policy(service).follow()) {
      view.awaitReady(shell().timeout());
      policy.awaitReady(shell().timeout());
      return watching.poll(
          shell(), () -> document(view, policy.current(), List.of()), new ServiceDocument.Lines());
    }
  }
}
