package io.zookit.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.samples.shop.ShopEventLog.ReportedEvent;
import io.zookit.samples.shop.process.ShopEvent;
import io.zookit.samples.shop.process.ShopEvent.Kind;
import io.zookit.scheduler.Verification;
import io.zookit.scheduler.time.Slot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportSceneTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void claim_everySlotWithAFateAndNoneTwice_holds() {
    DemoClaim claim = ReportScene.claim(
        List.of(report("a"), report("b")), found(Map.of("RAN", 2L, "SKIPPED(OVERLAP)", 3L), 0));
    assertThat(claim.text()).isEqualTo("jobs: slots=5 duplicates=0 without-fate=0 skipped=3");
    assertThat(claim.holds()).isTrue();
  }

  @Test
  void claim_slotReportedTwice_doesNotHoldWhateverTheLedgerSays() {
    DemoClaim claim =
        ReportScene.claim(List.of(report("a"), report("a")), found(Map.of("RAN", 1L), 0));
    assertThat(claim.text()).contains("duplicates=1");
    assertThat(claim.holds()).isFalse();
  }

  @Test
  void claim_slotWithoutAFate_doesNotHold() {
    DemoClaim claim = ReportScene.claim(List.of(report("a")), found(Map.of("RAN", 1L), 1));
    assertThat(claim.text()).contains("without-fate=1");
    assertThat(claim.holds()).isFalse();
  }

  @Test
  void claim_nothingReported_doesNotHold() {
    assertThat(ReportScene.claim(List.of(), found(Map.of("MISSED", 4L), 0)).holds())
        .isFalse();
  }

  private static ReportedEvent report(String slot) {
    return new ReportedEvent(
        Duration.ZERO, "orders-1", ShopEvent.of(Kind.REPORTED).with("slot", slot));
  }

  private static Verification found(Map<String, Long> fates, int gaps) {
    List<Slot> without = gaps == 0 ? List.of() : List.of(Slot.at(NOON));
    long slots = fates.values().stream().mapToLong(each -> each).sum() + gaps;
    return new Verification(
        "nightly-report", NOON, NOON, NOON, slots, fates, 0, without, List.of(), List.of());
  }
}
