package io.zookit.id.internal.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Allocation, rolls, raises and resizes over a model of ZooKeeper in virtual time, with lost answers, ends of sessions,
 * kills, stops, lagging servers, restarts and restored data.
 *
 * <p>{@code -Dzookit.seeds=N} sets how many seeds, {@code -Dzookit.seed=N} replays one.
 */
class NumberSimulationTest {

  private static final int FEW_SEEDS = 30;
  private static final int SEEDS = Integer.getInteger("zookit.seeds", 600);
  private static final int MUTANT_SEEDS = 3_000;

  @Test
  void simulation_fewSeeds_keepsEveryPromise() {
    simulate(FEW_SEEDS);
  }

  @Test
  @Tag("full")
  void simulation_manySeeds_keepsEveryPromise() {
    simulate(SEEDS);
  }

  private static void simulate(int seeds) {
    Long replayed = Long.getLong("zookit.seed");
    long first = replayed == null ? System.nanoTime() : replayed;
    int count = replayed == null ? seeds : 1;
    long numbers = 0;
    for (int i = 0; i < count; i++) {
      NumberSimulation run = new NumberSimulation(first + i, NumberMutation.NONE);
      List<String> findings = run.run();
      assertThat(findings).as("seed=%d", first + i).isEmpty();
      numbers += run.numbers();
    }
    System.out.println("zookit.seed=" + first + ", " + count + " seeds, " + numbers + " numbers");
    assertThat(numbers).isGreaterThan(count * 100L);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void simulation_withMutation_isCaught(NumberMutation mutation) {
    for (int seed = 1; seed <= MUTANT_SEEDS; seed++) {
      List<String> findings = new NumberSimulation(seed, mutation).run();
      if (!findings.isEmpty()) {
        System.out.println(mutation + " caught by seed " + seed + ": " + findings.get(0));
        return;
      }
    }
    fail(mutation + " was not noticed in " + MUTANT_SEEDS + " runs");
  }
}
