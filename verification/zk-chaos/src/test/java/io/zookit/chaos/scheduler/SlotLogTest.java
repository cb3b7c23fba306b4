package io.zookit.chaos.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.FencingToken;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SlotLogTest {

  private static final Instant FIRST = Instant.parse("2026-03-01T10:00:00Z");
  private static final Instant SECOND = FIRST.plusSeconds(1);
  private static final Instant THIRD = FIRST.plusSeconds(2);

  private final SlotLog log = new SlotLog();

  @Test
  void compare_everySlotWithTheFateThatBecameOfIt_findsNothing() {
    runs("node-1.1", FIRST, 10);
    begins("node-2.1", SECOND, 11); // and dies
    log.onLine("node-3.1", "ended c11 " + SECOND + " ORPHANED");
    assertThat(found("RAN", "ORPHANED", "SKIPPED(OVERLAP)")).isEmpty();
    assertThat(log.runner()).isEqualTo("node-2.1");
  }

  @Test
  void compare_claimedByOneWhoDiedBeforeHisCodeBegan_findsNothing() {
    assertThat(found("ORPHANED")).isEmpty();
  }

  @Test
  void heard_slotBegunByTwo_isFound() {
    runs("node-1.1", FIRST, 10);
    begins("node-2.1", FIRST, 11);
    assertThat(found("RAN").get(0)).startsWith("twice: " + FIRST + " was begun by node-2.1");
  }

  @Test
  void heard_claimWithTwoEnds_isFound() {
    runs("node-1.1", FIRST, 10);
    log.onLine("node-2.1", "ended c10 " + FIRST + " ORPHANED");
    assertThat(found("RAN"))
        .anySatisfy(each -> assertThat(each).startsWith("ended twice: claim c10"))
        .anySatisfy(each -> assertThat(each).startsWith("two ends: " + FIRST));
  }

  @Test
  void compare_slotThatTheLedgerDoesNotHave_isFound() {
    begins("node-1.1", SECOND, 11);
    assertThat(found("SKIPPED(OVERLAP)").get(0)).startsWith("without a fate: " + SECOND);
  }

  @Test
  void compare_slotThatIsPending_isFound() {
    assertThat(found("1 slots, fates {}, pending 1, gaps [], duplicates []").get(0))
        .startsWith("without a fate: " + FIRST + " is 1 slots");
  }

  @Test
  void compare_slotThatWasMissedThoughANodeWasThere_isFound() {
    assertThat(found("MISSED").get(0)).startsWith("without a fate: " + FIRST + " is MISSED");
    assertThat(found("SKIPPED(POLICY)").get(1)).contains("SKIPPED(POLICY)");
  }

  @Test
  void compare_skippedSlotThatWasBegun_isFound() {
    begins("node-1.1", FIRST, 10);
    assertThat(found("SKIPPED(OVERLAP)").get(0))
        .startsWith("wrong fate: " + FIRST + " was begun and is SKIPPED(OVERLAP)");
  }

  @Test
  void compare_slotThatRanAndNobodyHasBegun_isFound() {
    assertThat(found("RAN").get(0)).startsWith("wrong fate: " + FIRST + " was begun by nobody");
  }

  @Test
  void compare_runThatWasRefusedAtItsStore_mayNotBeRan() {
    begins("node-1.1", FIRST, 10);
    log.onLine("node-1.1", "refused " + FIRST);
    assertThat(found("ORPHANED")).isEmpty();
    assertThat(found("RAN").get(0)).startsWith("wrong fate: " + FIRST + " was refused");
  }

  @Test
  void compare_endThatTheLedgerDoesNotKnow_isFound() {
    runs("node-1.1", FIRST, 10);
    assertThat(found("FAILED").get(0))
        .startsWith("wrong fate: " + FIRST + " was told to be RAN and is FAILED");
  }

  @Test
  void compare_laterSlotWithASmallerToken_isFound() {
    runs("node-1.1", FIRST, 11);
    runs("node-1.1", SECOND, 10);
    assertThat(found("RAN", "RAN").get(0)).startsWith("backward: " + FIRST);
  }

  @Test
  void controlTwice_slotOfTwoLeaders_isCountedOnce() {
    log.onLine("node-1.1", "control 1700000000");
    log.onLine("node-2.1", "control 1700000000");
    log.onLine("node-2.1", "control 1700000001");
    assertThat(log.controlTwice()).isEqualTo(1);
    assertThat(log.leader()).isEqualTo("node-2.1");
  }

  @Test
  void clock_asTheNodeSays() {
    log.onLine("node-1.1", "clock PT-2H");
    assertThat(log.clock("node-1.1")).contains(Duration.ofHours(-2));
    assertThat(log.clock("node-2.1")).isEmpty();
  }

  @Test
  void counted_fates_areCountedByName() {
    assertThat(SlotLog.counted(fates("RAN", "ORPHANED", "RAN")))
        .containsExactly(Map.entry("ORPHANED", 1L), Map.entry("RAN", 2L));
  }

  private void begins(String life, Instant slot, long token) {
    log.onLine(life, "begun " + slot + " " + new FencingToken(1, token, 0));
  }

  private void runs(String life, Instant slot, long token) {
    begins(life, slot, token);
    log.onLine(life, "written " + slot);
    log.onLine(life, "ended c" + token + " " + slot + " RAN");
  }

  private List<String> found(String... fates) {
    log.compare(fates(fates));
    return log.transcript().findings();
  }

  private static NavigableMap<Instant, String> fates(String... fates) {
    NavigableMap<Instant, String> all = new TreeMap<>();
    List<Instant> slots = List.of(FIRST, SECOND, THIRD);
    for (int i = 0; i < fates.length; i++) {
      all.put(slots.get(i), fates[i]);
    }
    return all;
  }
}
