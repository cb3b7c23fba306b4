package io.zookit.registry.internal.provider;

import io.zookit.core.Subscription;
import io.zookit.core.internal.lane.SerialLane;
import io.zookit.registry.health.HealthCheck;
import io.zookit.registry.health.HealthOptions;
import io.zookit.registry.health.Hysteresis;
import io.zookit.registry.internal.runtime.RegistryRuntime;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the checks of one instance, round after round, and tells when the verdict changes. Lives on its own lane. */
final class HealthCheckLoop {

  private static final Logger log = LoggerFactory.getLogger(HealthCheckLoop.class);

  private final RegistryRuntime runtime;
  private final HealthOptions health;
  private final String who;
  private final SerialLane lane;
  private final Consumer<Boolean> told;
  private Hysteresis verdict = new Hysteresis(false, 0);
  private boolean first = true;
  private @Nullable Subscription next;
  private volatile boolean open = true;

  HealthCheckLoop(
      RegistryRuntime runtime, HealthOptions health, String who, Consumer<Boolean> told) {
    this.runtime = runtime;
    this.health = health;
    this.who = who;
    this.lane = runtime.client().lane("checks of " + who);
    this.told = told;
  }

  void start() {
    lane.execute(this::round);
  }

  void stop() {
    open = false;
    lane.execute(() -> {
      if (next != null) {
        next.close();
      }
    });
  }

  private void round() {
    if (!open) {
      return;
    }
    boolean passed = health.checks().stream().allMatch(this::passes);
    boolean before = verdict.healthy();
    verdict = verdict.after(passed, first ? 1 : health.rise(), health.fall());
    first = false;
    if (verdict.healthy() != before && open) {
      log.info("{}: {}", who, verdict.healthy() ? "checks pass" : "checks fail");
      told.accept(verdict.healthy());
    }
    Duration pause = health.interval();
    next = runtime.client().timekeeper().after(pause, () -> lane.execute(this::round));
  }

  private boolean passes(HealthCheck check) {
    try {
      return check.passes();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (Throwable e) { // also checked ones, which other JVM languages throw from anywhere
      log.debug("{}: a check failed", who, e);
      return false;
    }
  }
}
