package io.zookit.registry;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.registry.health.Vitals;
import org.jspecify.annotations.Nullable;

/** The checks and heartbeats of one registration. Lives on the loop. */
final class LifeSigns {

  private final RegistryEngine engine;
  private final Vitals vitals;
  private @Nullable CheckRound checks;
  private @Nullable Pulse pulse;

  LifeSigns(RegistryEngine engine, Vitals vitals) {
    this.engine = engine;
    this.vitals = vitals;
  }

  void begin(ServicePlace place, DesiredRegistration registration) {
    String who =
        registration.instance().service() + "/" + registration.instance().id();
    if (!vitals.checks().isEmpty()) {
      checks = new CheckRound(engine, vitals, who, registration::report);
      checks.start();
    }
    if (!vitals.beat().isZero()) {
      pulse = new Pulse(engine, place, vitals, who);
    }
  }

  /** The instance has a node, this one. */
  void onOwned(ZkPath path) {
    if (pulse != null) {
      pulse.onOwned(new NodeRef(path.parent().name(), path.name()));
    }
  }

  void end() {
    if (checks != null) {
      checks.stop();
    }
    if (pulse != null) {
      pulse.stop();
      pulse = null; // its node may still be on the way
    }
  }
}
