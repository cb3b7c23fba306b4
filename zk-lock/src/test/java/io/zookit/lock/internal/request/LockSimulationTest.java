package io.zookit.lock.internal.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The engine over a model of ZooKeeper, in virtual time: thousands of seeded runs with delays, lost answers, ends of
 * sessions, restarts and kills, each checked at every step against what the leader decided.
 *
 * <p>{@code -Dzookit.seeds=N} sets how many, {@code -Dzookit.seed=N} replays one, {@code -Dzookit.mutation=NAME} tries one
 * mutation only.
 */
@Tag("full")
class LockSimulationTest {

  private static final int SEEDS = Integer.getInteger("zookit.seeds", 600);
  private static final int MUTANT_SEEDS = 3_000;

  @Test
  void simulation_manySeeds_keepsEveryPromise() {
    Long replayed = Long.getLong("zookit.seed");
    long first = replayed == null ? System.nanoTime() : replayed;
    long grants = 0;
    int count = replayed == null ? SEEDS : 1;
    for (int i = 0; i < count; i++) {
      LockSimulation run = new LockSimulation(first + i, Mutation.NONE);
      List<String> findings = run.run();
      if (!findings.isEmpty()) {
        fail(findings + "\n" + run.story());
      }
      grants += run.grants();
    }
    System.out.println("zookit.seed=" + first + ", " + count + " seeds, " + grants + " grants");
    assertThat(grants).isGreaterThan(count);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void simulation_withMutation_isCaught(Mutation mutation) {
    String only = System.getProperty("zookit.mutation");
    assumeTrue(only == null || mutation.name().equals(only));
    for (int seed = 1; seed <= MUTANT_SEEDS; seed++) {
      List<String> findings = new LockSimulation(seed, mutation).run();
      if (!findings.isEmpty()) {
        System.out.println(mutation + " caught by seed " + seed + ": " + findings.get(0));
        return;
      }
    }
    fail(mutation + " was not noticed in " + MUTANT_SEEDS + " runs");
  }
}
