package io.zookit.chaos.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.scheduler.Verification;
import io.zookit.scheduler.time.Slot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SchedulerExperimentTest {

  private static final Instant SLOT = Instant.parse("2026-03-01T10:00:00Z");

  @Test
  void fate_slotWithOne_isIt() {
    assertThat(SchedulerExperiment.fate(one(Map.of("RAN", 1L), 0, List.of(), List.of())))
        .isEqualTo("RAN");
  }

  @Test
  void fate_pendingGapOrDuplicate_isNone() {
    List<Slot> slot = List.of(Slot.at(SLOT));
    assertThat(List.of(
            one(Map.of(), 1, List.of(), List.of()),
            one(Map.of(), 0, slot, List.of()),
            one(Map.of("RAN", 1L), 0, List.of(), slot),
            one(Map.of("RAN", 1L, "FAILED", 1L), 0, List.of(), List.of())))
        .extracting(SchedulerExperiment::fate)
        .allSatisfy(fate -> assertThat(fate).contains(" slots, fates {"));
  }

  private static Verification one(
      Map<String, Long> fates, long pending, List<Slot> gaps, List<Slot> duplicates) {
    long slots = fates.values().stream().mapToLong(Long::longValue).sum() + pending + gaps.size();
    return new Verification(
        "tick",
        SLOT.minusMillis(1),
        SLOT,
        SLOT,
        slots,
        fates,
        pending,
        gaps,
        duplicates,
        List.of());
  }
}
