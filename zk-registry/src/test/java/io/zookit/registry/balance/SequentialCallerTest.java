package io.zookit.registry.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A caller with one call at a time, which learns of the state of an instance only by calling it. */
class SequentialCallerTest {

  private static final int CALLS = 10_000;
  private static final int SLOW_MILLIS = 200;

  private final Crowd crowd = new Crowd();

  /** Latency profile of the calls of equal instances, in milliseconds. */
  enum Service {
    CONSTANT,
    JITTER,
    EXPONENTIAL,
    SLOW_AND_EXPONENTIAL,
    RARE_PAUSES
  }

  @ParameterizedTest
  @EnumSource(Service.class)
  void adaptive_twoEqualInstances_getEqualShares(Service service) {
    assertEqualShares(Balancer.adaptive(), service);
  }

  @ParameterizedTest
  @EnumSource(Service.class)
  void weightedResponse_twoEqualInstances_getEqualShares(Service service) {
    assertEqualShares(Balancer.weightedResponse(), service);
  }

  private void assertEqualShares(Balancer rule, Service service) {
    DoubleSupplier millis = time(service);
    int[] calls = new int[2];
    // The first call connects, to one of them slowly.
    int[] counts =
        run(rule, candidates(100, 100), i -> calls[i]++ == 0 ? 15 + 15 * i : millis.getAsDouble());
    System.out.println("seed=" + Crowd.SEED + " " + rule + " " + service + ": " + counts[0]);
    assertThat(counts[0]).as("of %d, seed=%d", CALLS, Crowd.SEED).isBetween(4_000, 6_000);
  }

  private DoubleSupplier time(Service service) {
    return switch (service) {
      case CONSTANT -> () -> 0.3;
      case JITTER -> () -> 0.2 + 0.2 * crowd.random.nextDouble();
      case EXPONENTIAL -> () -> exponential(1);
      case SLOW_AND_EXPONENTIAL -> () -> exponential(20);
      case RARE_PAUSES -> () -> crowd.random.nextInt(1000) == 0 ? 5 : 0.5 + exponential(0.1);
    };
  }

  @Test
  void adaptive_equalInstancesOfDifferentWeights_getTheirWeights() {
    int[] counts = run(Balancer.adaptive(), candidates(100, 300), i -> 1);
    assertThat(counts[1]).as("seed=%d", Crowd.SEED).isBetween(7_000, 8_000);
  }

  @Test
  void adaptive_slowInstance_isNoEqual() {
    int[] counts = run(Balancer.adaptive(), candidates(100, 100), i -> i == 0 ? 1 : 3);
    assertThat(counts[1]).as("seed=%d", Crowd.SEED).isLessThan(CALLS / 50);
  }

  @Test
  void adaptive_instanceUnusedForTenSeconds_isPickedOnce() {
    Candidates candidates = candidates(100, 100);
    Balancer rule = Balancer.adaptive();
    for (int i = 0; i < 3; i++) {
      call(candidates, 0, 1);
      call(candidates, 1, SLOW_MILLIS);
    }
    assertThat(slowCallsWithin(rule, candidates, 9_900)).isZero();
    assertThat(slowCallsWithin(rule, candidates, 1_000)).isEqualTo(1);
    assertThat(slowCallsWithin(rule, candidates, 8_500)).isZero();
    assertThat(slowCallsWithin(rule, candidates, 1_500)).isEqualTo(1);
  }

  @Test
  void adaptive_unusedInstanceWhoseLastCallFailed_isNotPickedForThat() {
    Candidates candidates = candidates(100, 100);
    for (int i = 0; i < 3; i++) {
      call(candidates, 0, 1);
      call(candidates, 1, SLOW_MILLIS);
    }
    candidates.get(1).stats().fail(crowd.time.nanos(), SLOW_MILLIS * 1_000_000L);
    assertThat(slowCallsWithin(Balancer.adaptive(), candidates, 12_000)).isZero();
  }

  private int slowCallsWithin(Balancer rule, Candidates candidates, int millis) {
    long end = crowd.time.nanos() + millis * 1_000_000L;
    int slow = 0;
    while (crowd.time.nanos() < end) {
      int chosen = rule.choose(candidates, crowd.random.nextLong());
      call(candidates, chosen, chosen == 0 ? 1 : SLOW_MILLIS);
      slow += chosen;
    }
    return slow;
  }

  @Test
  void withSlowStart_rulesThatIgnoreWeights_areRefusedAlsoInsideOfOthers() {
    Duration window = Duration.ofSeconds(60);
    for (Balancer rule : List.of(
        Balancer.roundRobin(),
        Balancer.random(),
        Balancer.leastConnections(),
        Balancer.leastConnections().byPriority().preferringZone("a"),
        Balancer.random().where("any", any -> true).inSubset(3, "me"))) {
      assertThatThrownBy(() -> rule.withSlowStart(window))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("rule: " + rule + " does not look at weights");
    }
    for (Balancer rule : List.of(
        Balancer.weightedRoundRobin(),
        Balancer.weightedRandom(),
        Balancer.weightedLeastConnections(),
        Balancer.consistentHash(),
        Balancer.weightedResponse(),
        Balancer.adaptive().byPriority())) {
      assertThat(rule.withSlowStart(window)).hasToString(rule + " with slow start");
    }
  }

  private Candidates candidates(int... weights) {
    for (int i = 0; i < weights.length; i++) {
      crowd.add(Candidate.of("i" + i, weights[i], crowd.stats()));
    }
    return crowd.candidates();
  }

  private int[] run(Balancer rule, Candidates candidates, IntToDoubleFunction millis) {
    int[] counts = new int[candidates.size()];
    for (int i = 0; i < CALLS; i++) {
      int chosen = rule.choose(candidates, crowd.random.nextLong());
      call(candidates, chosen, millis.applyAsDouble(chosen));
      counts[chosen]++;
    }
    return counts;
  }

  private void call(Candidates candidates, int index, double millis) {
    CallStats stats = candidates.get(index).stats();
    long begun = crowd.time.nanos();
    long open = stats.begin(begun);
    crowd.time.advance(Duration.ofNanos((long) (millis * 1e6)));
    stats.end(open);
    stats.succeed(crowd.time.nanos(), crowd.time.nanos() - begun);
  }

  private double exponential(double mean) {
    return -mean * Math.log(1 - crowd.random.nextDouble());
  }
}
