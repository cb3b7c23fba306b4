package io.zookit.id.internal.snowflake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Claims, extensions and releases of slots over a model of ZooKeeper in virtual time, with lost answers, ends of sessions,
 * kills, stops, lagging servers, restarts and clocks that are set.
 *
 * <p>{@code -Dzookit.seeds=N} sets how many seeds, {@code -Dzookit.seed=N} replays one.
 */
class SlotSimulationTest {

  private static final int FEW_SEEDS = 20;
  private static final int SEEDS = Integer.getInteger("zookit.seeds", 500);
  private static final int MUTANT_SEEDS = 3_000;

  @Test
  void simulation_fewSeeds_handsOutNoIdTwice() {
    simulate(FEW_SEEDS);
  }

  @Test
  @Tag("full")
  void simulation_manySeeds_handsOutNoIdTwice() {
    simulate(SEEDS);
  }

  private static void simulate(int seeds) {
    Long replayed = Long.getLong("zookit.seed");
    long first = replayed == null ? System.nanoTime() : replayed;
    int count = replayed == null ? seeds : 1;
    long ids = 0;
    for (int i = 0; i < count; i++) {
      SlotSimulation run = new SlotSimulation(first + i, SlotMutation.NONE);
      List<String> findings = run.run();
      assertThat(findings).as("seed=%d", first + i).isEmpty();
      ids += run.ids();
    }
    System.out.println("zookit.seed=" + first + ", " + count + " seeds, " + ids + " ids");
    assertThat(ids).isGreaterThan(count * 1_000L);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  @Tag("full")
  void simulation_withMutation_isCaught(SlotMutation mutation) {
    for (int seed = 1; seed <= MUTANT_SEEDS; seed++) {
      List<String> findings = new SlotSimulation(seed, mutation)
          .run().stream().filter(finding -> finding.contains(" twice: ")).toList();
      if (!findings.isEmpty()) {
        System.out.println(mutation + " caught by seed " + seed + ": " + findings.get(0));
        return;
      }
    }
    fail(mutation + " was not noticed in " + MUTANT_SEEDS + " runs");
  }
}
