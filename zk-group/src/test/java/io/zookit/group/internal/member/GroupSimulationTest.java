package io.zookit.group.internal.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Claims, plans, handovers and releases over a model of ZooKeeper in virtual time, with lost answers, ends of sessions, kills,
 * stops, lagging servers, restarts, members that join and leave, and claims that an operator deletes.
 *
 * <p>{@code -Dzookit.seeds=N} sets how many seeds, {@code -Dzookit.seed=N} replays one.
 */
class GroupSimulationTest {

  private static final int FEW_SEEDS = 20;
  private static final int SEEDS = Integer.getInteger("zookit.seeds", 250);
  private static final int MUTANT_SEEDS = 3_000;

  @Test
  void simulation_fewSeeds_ownsEveryPartitionOnce() {
    simulate(FEW_SEEDS);
  }

  @Test
  @Tag("full")
  void simulation_manySeeds_ownsEveryPartitionOnce() {
    simulate(SEEDS);
  }

  private static void simulate(int seeds) {
    Long replayed = Long.getLong("zookit.seed");
    long first = replayed == null ? System.nanoTime() : replayed;
    int count = replayed == null ? seeds : 1;
    long started = 0;
    long written = 0;
    for (int i = 0; i < count; i++) {
      GroupSimulation run = new GroupSimulation(first + i, GroupMutation.NONE);
      List<String> findings = run.run();
      assertThat(findings).as("seed=%d", first + i).isEmpty();
      started += run.started();
      written += run.written();
    }
    System.out.println("zookit.seed=" + first + ", " + count + " seeds, " + started
        + " handlers started, " + written + " fenced writes");
    assertThat(started).isGreaterThan(count * 5L);
    assertThat(written).isGreaterThan(count * 5L);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  @Tag("full")
  void simulation_withMutation_isCaught(GroupMutation mutation) {
    for (int seed = 1; seed <= MUTANT_SEEDS; seed++) {
      List<String> findings = new GroupSimulation(seed, mutation)
          .run().stream().filter(finding -> !finding.contains("after peace")).toList();
      if (!findings.isEmpty()) {
        System.out.println(mutation + " caught by seed " + seed + ": " + findings.get(0));
        return;
      }
    }
    fail(mutation + " was not noticed in " + MUTANT_SEEDS + " runs");
  }
}
