package io.zookit.admin.service;

import io.zookit.admin.shell.ClusterVerb;
import io.zookit.admin.shell.ExitCode;
import io.zookit.admin.shell.Shell;
import io.zookit.core.ZkClient;
import io.zookit.registry.HeartbeatReport;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.ServiceView;
import io.zookit.registry.policy.ServicePolicy;
import java.util.List;

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
    return look(registry, service, List.of());
  }

  /** The same with heartbeats. */
  final ServiceDocument look(
      ServiceRegistry registry, String service, List<HeartbeatReport> heartbeats)
      throws InterruptedException {
    try (ServiceView view = registry.discover(service)) {
      view.awaitReady(shell().timeout());
      return document(registry, view, heartbeats);
    }
  }

  /** Reads the operator rules for the instances of a view. */
  final ServiceDocument document(
      ServiceRegistry registry, ServiceView view, List<HeartbeatReport> heartbeats)
      throws InterruptedException {
    return document(view, registry.policy(view.service()).read(), heartbeats);
  }

  /** Combines the instances of a view with the operator rules for them. */
  final ServiceDocument document(
      ServiceView view, ServicePolicy policy, List<HeartbeatReport> heartbeats) {
    return ServiceDocument.of(
        view.service(),
        view.current(),
        policy,
        heartbeats,
        shell().surroundings().timekeeper().now());
  }
}
