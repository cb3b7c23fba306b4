package io.zookit.registry.internal.provider;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.registry.health.HealthOptions;
import io.zookit.registry.internal.runtime.RegistryRuntime;
import io.zookit.registry.internal.store.NodeRef;
import io.zookit.registry.internal.store.ServicePaths;
import org.jspecify.annotations.Nullable;

/** The checks and heartbeats of one registration. Lives on the loop. */
final class HealthReporter {

  private final RegistryRuntime runtime;
  private final HealthOptions health;
  private @Nullable HealthCheckLoop checks;
  private @Nullable HeartbeatWriter heartbeats;

  HealthReporter(RegistryRuntime runtime, HealthOptions health) {
    this.runtime = runtime;
    this.health = health;
  }

  void begin(ServicePaths place, ManagedRegistration registration) {
    String who =
        registration.instance().service() + "/" + registration.instance().id();
    if (!health.checks().isEmpty()) {
      checks = new HealthCheckLoop(runtime, health, who, registration::report);
      checks.start();
    }
    if (!health.heartbeat().isZero()) {
      heartbeats = new HeartbeatWriter(runtime, place, health, who);
    }
  }

  /** The instance has a node, this one. */
  void onOwned(ZkPath path) {
    if (heartbeats != null) {
      heartbeats.onOwned(new NodeRef(path.parent().name(), path.name()));
    }
  }

  void end() {
    if (checks != null) {
      checks.stop();
    }
    if (heartbeats != null) {
      heartbeats.stop();
      heartbeats = null; // its node may still be on the way
    }
  }
}
