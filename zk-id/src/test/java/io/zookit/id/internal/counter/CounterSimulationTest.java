package io.zookit.id.internal.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Additions, sums and folds over a model of ZooKeeper in virtual time, with lost answers, ends of sessions, kills, stops,
 * lagging servers and restarts.
 *
 * <p>{@code -Dzookit.seeds=N} sets how many seeds, {@code -Dzookit.seed=N} replays one.
 */
class CounterSimulationTest {

  private static final int FEW_SEEDS = 20;
  private static final int SEEDS = Integer.getInteger("zookit.seeds", 400);
  private static final int MUTANT_SEEDS = 3_000;

  @Test
  void simulation_fewSeeds_countsEachAdditionOnce() {
    simulate(FEW_SEEDS);
  }

  @Test
  @Tag("full")
  void simulation_manySeeds_countsEachAdditionOnce() {
    simulate(SEEDS);
  }

  private static void simulate(int seeds) {
    Long replayed = Long.getLong("zookit.seed");
    long first = replayed == null ? System.nanoTime() : replayed;
    int count = replayed == null ? seeds : 1;
    long additions = 0;
    for (int i = 0; i < count; i++) {
      CounterSimulation run = new CounterSimulation(first + i, CounterMutation.NONE);
      List<String> findings = run.run();
      assertThat(findings).as("seed=%d", first + i).isEmpty();
      additions += run.additions();
    }
    System.out.println("zookit.seed=" + first + ", " + count + " seeds, " + additions);
    assertThat(additions).isGreaterThan(count * 100L);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  @Tag("full")
  void simulation_withMutation_isCaught(CounterMutation mutation) {
    for (int seed = 1; seed <= MUTANT_SEEDS; seed++) {
      List<String> findings = new CounterSimulation(seed, mutation)
          .run().stream().filter(finding -> finding.contains(" sum ")).toList();
      if (!findings.isEmpty()) {
        System.out.println(mutation + " caught by seed " + seed + ": " + findings.get(0));
        return;
      }
    }
    fail(mutation + " was not noticed in " + MUTANT_SEEDS + " runs");
  }
}
