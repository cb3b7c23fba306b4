package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.testkit.ZkProcessesExtension;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link RegistryFaultsIT} in full, on three servers in processes of their own. */
@Tag("nightly")
class RegistryChaosIT {

  private static final int INSTANCES = 50;
  private static final int FAULTS = 30;

  @RegisterExtension
  static final ZkProcessesExtension zooKeeper = new ZkProcessesExtension();

  @Test
  void views_afterThirtyFaults_areWhatStandsInZooKeeperWithinFiveSeconds() throws Exception {
    long seed = Long.getLong("zookit.seed", System.nanoTime());
    System.out.println("seed=" + seed);
    Servers servers = Servers.of(zooKeeper.servers());
    try (DiscoveryTrial trial = new DiscoveryTrial(servers, "/zookit", INSTANCES, seed)) {
      DiscoveryTrial.Outcome outcome = trial.run(FAULTS);
      System.out.println(outcome);
      assertThat(outcome.wrong()).as("seed=%d", seed).isEmpty();
      assertThat(outcome.missed()).as("faults that did not land").hasSizeLessThan(FAULTS / 4);
      assertThat(outcome.naiveWrong()).as("how often the control was wrong").isPositive();
      assertThat(outcome.slowest()).isLessThanOrEqualTo(Duration.ofSeconds(5));
    }
  }
}
