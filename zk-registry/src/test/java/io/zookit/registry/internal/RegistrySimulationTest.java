package io.zookit.registry.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The registry over a model of ZooKeeper, in virtual time: seeded runs with delays, lost answers, ends of sessions,
 * restarts, lagging servers and kills, checked against what the leader decided. Of each registration there is exactly one
 * node, or none; one that has said goodbye is never back; a view that shows something is not emptied by an outage, and is
 * in the end what ZooKeeper holds.
 *
 * <p>{@code -Dzookit.seeds=N} sets how many, {@code -Dzookit.seed=N} replays one, but for nonces and jitter.
 */
class RegistrySimulationTest {

  private static final int FEW_SEEDS = 15;
  private static final int SEEDS = Integer.getInteger("zookit.seeds", 500);
  private static final int MUTANT_SEEDS = 3_000;

  @Test
  void simulation_someSeeds_keepsEveryPromise() {
    run(FEW_SEEDS);
  }

  @Test
  @Tag("full")
  void simulation_manySeeds_keepsEveryPromise() {
    run(SEEDS);
  }

  private static void run(int seeds) {
    Long replayed = Long.getLong("zookit.seed");
    long first = replayed == null ? System.nanoTime() : replayed;
    int count = replayed == null ? seeds : 1;
    long registrations = 0;
    for (int i = 0; i < count; i++) {
      RegistrySimulation run = new RegistrySimulation(first + i, RegistryMutation.NONE);
      List<String> findings = run.run();
      if (!findings.isEmpty()) {
        fail(findings + "\n" + run.story());
      }
      registrations += run.registrations();
    }
    System.out.println(
        "zookit.seed=" + first + ", " + count + " seeds, " + registrations + " registrations");
    assertThat(registrations).isGreaterThan(count);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  @Tag("full")
  void simulation_withMutation_isCaught(RegistryMutation mutation) {
    for (int seed = 1; seed <= MUTANT_SEEDS; seed++) {
      List<String> findings = new RegistrySimulation(seed, mutation).run();
      if (!findings.isEmpty()) {
        System.out.println(mutation + " caught by seed " + seed + ": " + findings.get(0));
        return;
      }
    }
    fail(mutation + " was not noticed in " + MUTANT_SEEDS + " runs");
  }
}
