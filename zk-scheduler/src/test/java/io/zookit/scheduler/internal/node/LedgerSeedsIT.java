package io.zookit.scheduler.internal.node;

import java.util.function.LongConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The simulation of {@link LedgerSimulationTest} over very many seeds; {@code -Dzookit.seeds=N} says how many. */
@Tag("nightly")
@Timeout(3_600)
class LedgerSeedsIT {

  private static final int SEEDS = Integer.getInteger("zookit.seeds", 1_000);
  private static final long FIRST = Long.getLong("zookit.seed", 0);
  private static final int REPORTED = 250;

  @Test
  void anyFaults_overManySeeds_everySlotIsClaimedAtMostOnceAndHasOneFate() {
    checkAll("slots", SEEDS, LedgerSimulationTest::check);
  }

  @Test
  void anyFaults_overManySeeds_everyPartIsRunAndTheRunAfterAllShardsIsClaimedOnce() {
    checkAll("shards", SEEDS / 2, LedgerSimulationTest::checkParts);
  }

  private static void checkAll(String what, int seeds, LongConsumer check) {
    for (int i = 1; i <= seeds; i++) {
      check.accept(FIRST + i - 1);
      if (i % REPORTED == 0 || i == seeds) {
        System.out.printf("%s: %d seeds from %d, clean%n", what, i, FIRST);
      }
    }
  }
}
