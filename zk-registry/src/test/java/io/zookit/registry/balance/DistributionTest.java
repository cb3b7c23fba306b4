package io.zookit.registry.balance;

import static io.zookit.registry.balance.Crowd.assertShares;
import static io.zookit.registry.balance.Crowd.equal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each rule gives each instance its share. */
class DistributionTest {

  private static final int CALLS = 60_000;

  @Test
  void random_equalInstances_areEquallyLikely() {
    Crowd crowd = Crowd.of(7);
    assertShares(crowd.draw(Balancer.random(), crowd.candidates(), CALLS), equal(7));
  }

  @Test
  void roundRobin_manyCalls_areExactlyEqual() {
    Crowd crowd = Crowd.of(6);
    long[] counts = crowd.draw(Balancer.roundRobin(), crowd.candidates(), CALLS);
    assertThat(counts).containsOnly(CALLS / 6);
  }

  @Test
  void roundRobin_counterOverflows_goesOnInOrder() {
    for (int first : new int[] {Integer.MAX_VALUE - 3, -4}) {
      Crowd crowd = Crowd.of(3);
      long[] counts = crowd.draw(new RoundRobin(first), crowd.candidates(), 12);
      assertThat(Arrays.stream(counts).sum()).isEqualTo(12);
      assertThat(counts)
          .satisfies(
              all -> assertThat(Arrays.stream(all).min().getAsLong()).isGreaterThanOrEqualTo(3));
    }
  }

  @Test
  void roundRobin_manyConsumers_doNotAllBeginWithTheSame() {
    Candidates candidates = Crowd.of(3).candidates();
    long different = java.util.stream.IntStream.range(0, 200)
        .map(i -> Balancer.roundRobin().choose(candidates, 0))
        .distinct()
        .count();
    assertThat(different).isEqualTo(3);
  }

  @Test
  void weightedRandom_weights_areTheShares() {
    Crowd crowd = Crowd.ofWeights(1, 10, 100, 300, 589);
    long[] counts = crowd.draw(Balancer.weightedRandom(), crowd.candidates(), CALLS);
    assertShares(counts, 1, 10, 100, 300, 589);
  }

  @Test
  void weightedRoundRobin_weights_areTheSharesInEveryStretch() {
    Crowd crowd = Crowd.ofWeights(1, 2, 3, 4);
    Balancer rule = Balancer.weightedRoundRobin();
    Candidates candidates = crowd.candidates();
    for (int stretch = 0; stretch < 10; stretch++) {
      long[] counts = crowd.draw(rule, candidates, 1000);
      for (int i = 0; i < 4; i++) {
        assertThat(counts[i]).isBetween(100L * (i + 1) - 4, 100L * (i + 1) + 4);
      }
    }
  }

  @Test
  void leastConnections_idleInstances_areEquallyLikely() {
    for (int size : new int[] {8, 40}) {
      Crowd crowd = Crowd.of(size);
      assertShares(crowd.draw(Balancer.leastConnections(), crowd.candidates(), CALLS), equal(size));
    }
  }

  @Test
  void leastConnections_oneBusy_isNotChosen() {
    Crowd crowd = Crowd.of(5);
    crowd.all.get(2).stats().begin(crowd.time.nanos());
    long[] counts = crowd.draw(Balancer.leastConnections(), crowd.candidates(), 5_000);
    assertThat(counts[2]).isZero();
    assertShares(new long[] {counts[0], counts[1], counts[3], counts[4]}, equal(4));
  }

  @Test
  void weightedLeastConnections_callsThatStayOpen_fillByWeight() {
    Crowd crowd = Crowd.ofWeights(100, 200, 700);
    Candidates candidates = crowd.candidates();
    long now = crowd.time.nanos();
    for (int i = 0; i < 1_000; i++) {
      int chosen = Balancer.weightedLeastConnections().choose(candidates, 0);
      crowd.all.get(chosen).stats().begin(now);
    }
    assertThat(crowd.all).extracting(each -> each.stats().inFlight(now)).satisfies(open -> {
      assertThat(open.get(0)).isBetween(99, 101);
      assertThat(open.get(1)).isBetween(199, 201);
      assertThat(open.get(2)).isBetween(699, 701);
    });
  }

  @Test
  void consistentHash_manyKeys_areSharedByWeight() {
    Crowd crowd = Crowd.ofWeights(100, 100, 200);
    long[] counts = crowd.draw(Balancer.consistentHash(), crowd.candidates(), CALLS);
    assertThat(counts[0] / (double) CALLS).isBetween(0.17, 0.33);
    assertThat(counts[2] / (double) CALLS).isBetween(0.42, 0.58);
  }

  @Test
  void consistentHash_oneInstanceLess_movesItsKeysOnly() {
    Crowd crowd = Crowd.of(10);
    Candidates all = crowd.candidates();
    Candidates less = crowd.without(4);
    Balancer rule = Balancer.consistentHash();
    int moved = 0;
    for (int i = 0; i < 10_000; i++) {
      long key = KeyHash.of("user" + i);
      String before = all.get(rule.choose(all, key)).id();
      String after = less.get(rule.choose(less, key)).id();
      if (!before.equals("i4") && !before.equals(after)) {
        moved++;
      }
    }
    assertThat(moved).isZero();
  }

  @Test
  void consistentHash_oneKeyOnly_isBoundedAtOneAndAQuarterOfTheShare() {
    Crowd crowd = Crowd.of(10);
    Candidates candidates = crowd.candidates();
    long now = crowd.time.nanos();
    for (int i = 0; i < 1_000; i++) {
      int chosen = Balancer.consistentHash().choose(candidates, 42);
      crowd.all.get(chosen).stats().begin(now);
    }
    assertThat(crowd.all).allMatch(each -> each.stats().inFlight(now) <= 126);
  }

  @Test
  void adaptive_unknownInstances_areEquallyLikely() {
    Crowd crowd = Crowd.of(12);
    for (Balancer rule : List.of(Balancer.adaptive(), Balancer.weightedResponse())) {
      assertShares(crowd.draw(rule, crowd.candidates(), CALLS), equal(12));
    }
  }

  @Test
  void adaptive_reportedLoad_countsLessAndLess() {
    Crowd crowd = Crowd.of(2);
    long now = crowd.time.nanos();
    crowd.all.forEach(each -> each.stats().succeed(now, 1_000_000));
    crowd.all.get(0).stats().reportLoad(now, 1, 1_000_000_000);
    long[] counts = crowd.draw(Balancer.adaptive(), crowd.candidates(), 1_000);
    assertThat(counts[0]).isZero();
    assertThat(crowd.all.get(0).stats().load(now + 30_000_000_000L)).isLessThan(0.001);
  }

  @Test
  void slowStart_newInstance_growsToItsShare() {
    Crowd crowd = Crowd.of(3);
    crowd.add(Candidate.of("young", 100, new CallStats(crowd.time.nanos(), 0)));
    Balancer rule = Balancer.weightedRandom().withSlowStart(Duration.ofSeconds(60));
    Candidates candidates = crowd.candidates();
    assertShares(crowd.draw(rule, candidates, CALLS), 1, 1, 1, 0.1);
    crowd.time.advance(Duration.ofSeconds(30));
    assertShares(crowd.draw(rule, candidates, CALLS), 1, 1, 1, 0.5);
    crowd.time.advance(Duration.ofSeconds(60));
    assertShares(crowd.draw(rule, candidates, CALLS), 1, 1, 1, 1);
  }

  @Test
  void zone_mostOfItLeft_takesAll_thenSpillsInProportion() {
    Crowd crowd = new Crowd();
    for (int i = 0; i < 20; i++) {
      crowd.add("i" + i, 0, i < 10 ? "a" : "b", "", Map.of());
    }
    Balancer rule = Balancer.random().preferringZone("a");
    long[] whole = crowd.draw(rule, crowd.without(0, 1), CALLS);
    assertThat(Arrays.stream(whole, 0, 8).sum()).isEqualTo(CALLS);
    long[] half = crowd.draw(rule, crowd.without(0, 1, 2, 3, 4), CALLS);
    long near = Arrays.stream(half, 0, 5).sum();
    assertShares(new long[] {near, CALLS - near}, 0.7, 0.3);
    long[] gone = crowd.draw(rule, crowd.without(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), 1_000);
    assertThat(Arrays.stream(gone).sum()).isEqualTo(1_000);
  }

  @Test
  void priority_tooFewOfTheFirst_theNextTakesTheRest() {
    Crowd crowd = new Crowd();
    for (int i = 0; i < 12; i++) {
      crowd.add("i" + i, i < 4 ? 0 : i < 8 ? 1 : 2, "", "", Map.of());
    }
    Balancer rule = Balancer.random().byPriority();
    long[] counts = crowd.draw(rule, crowd.candidates(), 1_000);
    assertThat(Arrays.stream(counts, 0, 4).sum()).isEqualTo(1_000);
    long[] half = crowd.draw(rule, crowd.without(0, 1), CALLS);
    long first = Arrays.stream(half, 0, 2).sum();
    long second = Arrays.stream(half, 2, 6).sum();
    assertThat(Arrays.stream(half, 6, 10).sum()).isZero();
    assertShares(new long[] {first, second}, 0.7, 0.3);
    long[] last = crowd.draw(rule, crowd.without(0, 1, 2, 3, 4, 5, 6, 7), 1_000);
    assertThat(last)
        .satisfies(all -> assertThat(Arrays.stream(all).min().getAsLong()).isPositive());
  }

  @Test
  void filter_nobodyAdmitted_choosesNobody() {
    Crowd crowd = new Crowd().add("old", 0, "", "1", Map.of()).add("new", 0, "", "2", Map.of());
    Balancer second =
        Balancer.random().where("version 2", each -> each.version().equals("2"));
    Balancer third = Balancer.random().where("version 3", each -> each.version().equals("3"));
    Candidates candidates = crowd.candidates();
    assertThat(crowd.draw(second, candidates, 100)).containsExactly(0, 100);
    assertThat(third.choose(candidates, 0)).isEqualTo(Balancer.NONE);
    assertThat(second.describe(candidates, 0, 0)).isEqualTo("left out, not version 2");
  }

  @Test
  void subset_manyConsumers_useAllEvenly() {
    Crowd crowd = Crowd.of(20);
    Candidates candidates = crowd.candidates();
    long[] uses = new long[20];
    for (int consumer = 0; consumer < 2_000; consumer++) {
      Balancer rule = Balancer.random().inSubset(3, "consumer" + consumer);
      boolean[] used = new boolean[20];
      for (int i = 0; i < 60; i++) {
        used[rule.choose(candidates, 0)] = true;
      }
      int size = 0;
      for (int i = 0; i < 20; i++) {
        uses[i] += used[i] ? 1 : 0;
        size += used[i] ? 1 : 0;
      }
      assertThat(size).isLessThanOrEqualTo(3);
    }
    assertShares(uses, equal(20));
  }

  @Test
  void routes_tenPercent_areSticky_andGrowWithoutTakingBack() {
    Crowd crowd = new Crowd();
    for (int i = 0; i < 4; i++) {
      crowd.add("i" + i, 0, "", i == 0 ? "2" : "1", Map.of());
    }
    Candidates candidates = crowd.candidates();
    Balancer tenth = Balancer.random().routedBy(List.of(new Route("trial", 10, "2", Map.of())));
    Balancer third = Balancer.random().routedBy(List.of(new Route("trial", 30, "2", Map.of())));
    long gray = 0;
    for (int i = 0; i < CALLS; i++) {
      long key = KeyHash.of("user" + i);
      boolean taken = tenth.choose(candidates, key) == 0;
      assertThat(tenth.choose(candidates, key) == 0).isEqualTo(taken);
      if (taken) {
        gray++;
        assertThat(third.choose(candidates, key)).isZero();
      }
    }
    assertShares(new long[] {gray, CALLS - gray}, 0.1, 0.9);
  }

  @Test
  void routes_nobodyOfTheVersion_callsGoToTheOthers() {
    Crowd crowd = new Crowd().add("old", 0, "", "1", Map.of());
    Balancer rule = Balancer.random().routedBy(List.of(new Route("trial", 100, "2", Map.of())));
    assertThat(crowd.draw(rule, crowd.candidates(), 10)).containsExactly(10);
  }

  @Test
  void route_withoutACondition_isRefused() {
    assertThatThrownBy(() -> new Route("all", 10, "", Map.of()))
        .hasMessage("route all: takes all (expected: a version or tags)");
    assertThatThrownBy(() -> new Route("trial", 101, "2", Map.of()))
        .hasMessage("percent: 101.0 (expected: 0 to 100)");
  }

  @Test
  void stats_callThatNobodyEnds_stopsCountingAfterAWhile() {
    Crowd crowd = Crowd.of(1);
    CallStats stats = crowd.all.get(0).stats();
    long lost = stats.begin(crowd.time.nanos());
    crowd.time.advance(Duration.ofMinutes(5));
    assertThat(stats.inFlight(crowd.time.nanos())).isEqualTo(1);
    crowd.time.advance(Duration.ofMinutes(5));
    assertThat(stats.inFlight(crowd.time.nanos())).isZero();
    long next = stats.begin(crowd.time.nanos());
    stats.end(lost);
    assertThat(stats.inFlight(crowd.time.nanos())).isEqualTo(1);
    stats.end(next);
    assertThat(stats.inFlight(crowd.time.nanos())).isZero();
  }
}
