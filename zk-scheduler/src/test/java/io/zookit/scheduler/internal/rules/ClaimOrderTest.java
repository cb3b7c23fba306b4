package io.zookit.scheduler.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.records.SlotRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.records.StateRecord.EndRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Tests the order in which nodes consider a job, as a pure function of the ranking and of the claims of the last slots.
 */
class ClaimOrderTest {

  private static final List<String> RANKED = List.of("a", "b", "c", "d");
  private static final StateRecord EMPTY = StateRecord.startingAt(0);

  private long now;

  private EndRecord claimed(@Nullable String node) {
    now += 1_000;
    return new EndRecord(
        "c" + now, slot(now), null, "n", 1, now, now + 10, SlotOutcome.RAN, null, null, node);
  }

  private static SlotRecord slot(long at) {
    return new SlotRecord(at, null, null);
  }

  private StateRecord by(@Nullable String... nodes) {
    List<EndRecord> recent = new ArrayList<>();
    for (String node : nodes) {
      recent.add(claimed(node));
    }
    return EMPTY.withRecent(recent);
  }

  private static List<String> order(StateRecord state) {
    return ClaimOrder.of(RANKED, state, node -> 0).nodes();
  }

  @Test
  void of_noClaims_isTheRanking() {
    assertThat(order(EMPTY)).isEqualTo(RANKED);
  }

  @Test
  void of_oneSlotLetPass_isStillTheRanking() {
    assertThat(order(by("a", "b"))).isEqualTo(RANKED);
    assertThat(order(by("b", "a", "b"))).isEqualTo(RANKED);
  }

  @Test
  void of_twoSlotsLetPass_putsTheFirstLast() {
    assertThat(order(by("a", "b", "b"))).containsExactly("b", "c", "d", "a");
    assertThat(order(by("b", "b", "b", "b"))).containsExactly("b", "c", "d", "a");
  }

  @Test
  void of_allBeforeTheClaimant_areLast() {
    assertThat(order(by("c", "c"))).containsExactly("c", "d", "a", "b");
    assertThat(order(by("b", "b", "c", "c"))).containsExactly("c", "d", "a", "b");
  }

  @Test
  void of_claimsAgain_isTheFirstAgain() {
    assertThat(order(by("b", "b", "b", "a"))).isEqualTo(RANKED);
  }

  @Test
  void of_openClaim_counts() {
    StateRecord state = by("b");
    ClaimRecord open = new ClaimRecord(
        "o", StateRecord.Kind.RUN, slot(2_000), null, "n", 1, 2_000, 0, null, null, null, "b");
    assertThat(order(state.withOpen(List.of(open)))).containsExactly("b", "c", "d", "a");
  }

  /** It is not a node's fault that it was not there. */
  @Test
  void of_slotsBeforeANodeCame_doNotCountAgainstIt() {
    StateRecord state = by("b", "b", "b");
    assertThat(
            ClaimOrder.of(RANKED, state, node -> node.equals("a") ? 2_500 : 0).nodes())
        .isEqualTo(RANKED);
    assertThat(ClaimOrder.of(RANKED, state, node -> Long.MAX_VALUE).nodes()).isEqualTo(RANKED);
  }

  /** A run asked for is taken by whichever node reads it first; but it shows that a node lives. */
  @Test
  void of_manualRuns_putNobodyLastAndBringBackTheirClaimant() {
    EndRecord manual =
        new EndRecord("m", slot(0), "t", "n", 1, 90_000, 90_010, SlotOutcome.RAN, null, null, "b");
    assertThat(order(EMPTY.withRecent(List.of(manual, manual, manual)))).isEqualTo(RANKED);
    List<EndRecord> recent = new ArrayList<>(by("b", "b").recent());
    recent.add(
        new EndRecord("m", slot(0), "t", "n", 1, 90_000, 90_010, SlotOutcome.RAN, null, null, "a"));
    assertThat(order(EMPTY.withRecent(recent))).isEqualTo(RANKED);
  }

  /** Older clients do not say which node they are, and nodes that left have no rank any more. */
  @Test
  void of_claimsOfUnknownNodes_changeNothing() {
    assertThat(order(by(null, null, "gone", "gone"))).isEqualTo(RANKED);
  }

  @Test
  void of_anyClaims_isAPermutationThatEndsWithWhoLetSlotsPass() {
    long seed = Long.getLong("zookit.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      String[] nodes = new String[random.nextInt(StateRecord.RECENT + 1)];
      for (int k = 0; k < nodes.length; k++) {
        nodes[k] = RANKED.get(random.nextInt(RANKED.size()));
      }
      List<String> order = order(by(nodes));
      assertThat(order).as("seed=%d", seed).containsExactlyInAnyOrderElementsOf(RANKED);
      if (nodes.length > 1 && nodes[nodes.length - 1].equals(nodes[nodes.length - 2])) {
        assertThat(order.get(0)).as("seed=%d %s", seed, List.of(nodes)).isNotNull();
        int place = order.indexOf(nodes[nodes.length - 1]);
        assertThat(place).as("seed=%d %s", seed, List.of(nodes)).isZero();
      }
    }
  }

  @Test
  void unit_isATenthOfTheDistanceWithinItsBounds() {
    Map.of(0L, 100L, 900L, 100L, 4_000L, 400L, 20_000L, 2_000L, Long.MAX_VALUE, 2_000L)
        .forEach(
            (distance, unit) -> assertThat(ClaimOrder.unitMillis(distance, 20)).isEqualTo(unit));
    assertThat(ClaimOrder.unitMillis(1_000, 450)).isEqualTo(450);
    assertThat(ClaimOrder.unitMillis(1_000, 9_000)).isEqualTo(2_000);
  }

  @Test
  void delay_growsWithThePlaceUpToItsMost() {
    assertThat(ClaimOrder.delayMillis(0, 2_000)).isZero();
    assertThat(ClaimOrder.delayMillis(7, 100)).isEqualTo(700);
    assertThat(ClaimOrder.delayMillis(100, 2_000)).isEqualTo(30_000);
    List<Long> delays = new ArrayList<>();
    for (int place = 0; place < 10; place++) {
      delays.add(ClaimOrder.delayMillis(place, 100));
    }
    assertThat(delays).isSorted();
    assertThat(Collections.max(delays)).isLessThan(1_000);
  }
}
