package io.zookit.registry.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Ten servers at 60 % load: a broken one must not attract calls, a slow one must not hold them up. */
class SimulatedFleetTest {

  private static final int CALLS = 100_000;
  private static final Map<String, Supplier<Balancer>> OTHERS = Map.of(
      "random", Balancer::random,
      "round robin", Balancer::roundRobin,
      "least connections", Balancer::leastConnections,
      "weighted response", Balancer::weightedResponse);

  @Test
  void adaptive_serverThatFailsInOneMillisecond_getsLessThanOnePercent() {
    SimulatedFleet.Outcome adaptive =
        new SimulatedFleet(Crowd.SEED).withFailingServer().run(Balancer.adaptive(), CALLS);
    SimulatedFleet.Outcome naive =
        new SimulatedFleet(Crowd.SEED).withFailingServer().run(Balancer.leastConnections(), CALLS);
    System.out.println(
        "seed=" + Crowd.SEED + " failing: adaptive " + adaptive + ", least connections " + naive);
    assertThat(naive.errors()).as("the control").isGreaterThan(0.1);
    assertThat(adaptive.errors()).as("seed=%d", Crowd.SEED).isLessThan(0.01);
  }

  @Test
  void adaptive_serverThatIsFiveTimesSlower_staysNearTheBestRule() {
    SimulatedFleet.Outcome adaptive = slow(Balancer.adaptive());
    Map<String, Double> p99 = new LinkedHashMap<>();
    OTHERS.forEach((name, rule) -> p99.put(name, slow(rule.get()).p99()));
    System.out.println(
        "seed=" + Crowd.SEED + " slow: adaptive " + adaptive.p99() + ", others " + p99);
    double best = p99.values().stream().min(Double::compare).orElseThrow();
    assertThat(p99.get("random")).as("the control").isGreaterThan(2 * adaptive.p99());
    assertThat(adaptive.p99()).as("seed=%d", Crowd.SEED).isLessThanOrEqualTo(1.2 * best);
  }

  private static SimulatedFleet.Outcome slow(Balancer rule) {
    return new SimulatedFleet(Crowd.SEED).withSlowServer(5).run(rule, CALLS);
  }
}
