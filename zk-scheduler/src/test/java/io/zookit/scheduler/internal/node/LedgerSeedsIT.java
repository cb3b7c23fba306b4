package io.zookit.scheduler.internal.node;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The simulation of {@link LedgerSimulationTest} over very many seeds; {@code -Dzookit.seeds=N} says how many. */
@Tag("nightly")
@Timeout(3_600)
class LedgerSeedsIT {

  private static final int SEEDS = Integer.getInteger("zookit.seeds", 1_000);

  @Test
  void anyFaults_overManySeeds_everySlotIsClaimedAtMostOnceAndHasOneFate() {
    LongStream.range(0, SEEDS).forEach(LedgerSimulationTest::check);
  }

  @Test
  void anyFaults_overManySeeds_everyPartIsRunAndTheRunAfterAllShardsIsClaimedOnce() {
    LongStream.range(0, SEEDS / 2).forEach(LedgerSimulationTest::checkParts);
  }
}
