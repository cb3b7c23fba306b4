package io.zookit.admin.service;

import io.zookit.admin.shell.ClusterVerb;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.core.ZkClient;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.ServiceView;
import io.zookit.registry.policy.ServicePolicy;

/** A command about services. */
abstract class ServiceVerb extends ClusterVerb {

  ServiceVerb(Shell shell) {
    super(shell);
  }

  /** Does it. */
  protected abstract ExitCode run(ServiceRegistry registry) throws InterruptedException;

  @Override
  protected ExitCode run(ZkClient client) throws InterruptedException {
    return run(ServiceRegistry.in(client));
  }

  /** Reads the registered instances of a service and the operator rules for them. */
  final ServiceDocument look(ServiceRegistry registry, String service) throws InterruptedException {
    ServicePolicy policy = registry.policy(service).read();
    try (ServiceView view = registry.discover(service)) {
      view.awaitReady(shell().timeout());
      return ServiceDocument.of(
          service, view.current(), policy, shell().surroundings().timekeeper().now());
    }
  }
}
