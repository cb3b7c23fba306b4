package io.zookit.scheduler.internal.node;

import io.zookit.scheduler.internal.run.LiveRun;
import java.time.Duration;
import java.util.function.Predicate;

/** Finds the nodes of a world that run something. */
final class SimOwners {

  private static final Duration STEP = Duration.ofMillis(20);

  private final SimWorld world;

  SimOwners(SimWorld world) {
    this.world = world;
  }

  /** Runs the world until a node that is not dead runs anything; the first of them. */
  SimWorld.SimNode await(Duration atMost) {
    return await(atMost, run -> true);
  }

  /** Runs the world until a node that is not dead has such a run; the first of them. */
  SimWorld.SimNode await(Duration atMost, Predicate<LiveRun> wanted) {
    for (long i = 0; i < atMost.dividedBy(STEP); i++) {
      world.time.run(STEP);
      for (SimWorld.SimNode node : world.nodes) {
        if (!node.process.isKilled() && node.running.stream().anyMatch(wanted)) {
          return node;
        }
      }
    }
    throw new AssertionError("nothing runs: " + world.describe("a"));
  }
}
