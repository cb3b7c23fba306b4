package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.testkit.ZkServerExtension;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Views of all observers under faults of all kinds, in a reduced trial. */
@Tag("full")
class RegistryFaultsIT {

  private static final int INSTANCES = 20;
  private static final int FAULTS = 12;

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @Test
  void views_afterEachFault_areWhatStandsInZooKeeper() throws Exception {
    long seed = Long.getLong("zookit.seed", System.nanoTime());
    System.out.println("seed=" + seed);
    Servers servers = Servers.of(zooKeeper.server());
    try (DiscoveryTrial trial =
        new DiscoveryTrial(servers, zooKeeper.freshRoot(), INSTANCES, seed)) {
      DiscoveryTrial.Outcome outcome = trial.run(FAULTS);
      System.out.println(outcome);
      assertThat(outcome.wrong()).as("seed=%d", seed).isEmpty();
      assertThat(outcome.missed()).as("faults that did not land").hasSizeLessThan(FAULTS / 4);
      assertThat(outcome.naiveWrong()).as("how often the control was wrong").isPositive();
    }
  }
}
