package io.zookit.scheduler;

import io.zookit.scheduler.FateLog.Span;
import io.zookit.scheduler.Records.DefRecord;
import io.zookit.scheduler.time.Slot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Lays the recorded fates over the slots that the schedules of the time have, and counts. Pure.
 *
 * <p>A run of fates proves its slots by its ends and its count: exactly so many slots of the schedule must lie between.
 */
record Verifier(DefRecord def, StateRecord state) {

  private static final int MOST_SLOTS = 2_000_000;
  private static final int SHOWN = 100;

  Verification verify(Instant from, Instant to) {
    Timeline timeline = new Timeline(def);
    long known = Math.max(state.since(), timeline.since());
    long begin = Math.max(known, from.toEpochMilli());
    long end = Math.min(to.toEpochMilli(), state.mark());
    List<Slot> slots = timeline.isDelay() ? List.of() : timeline.between(begin, end, 0, MOST_SLOTS);
    List<Span> spans = state.fateLog().spans();
    Map<String, Long> fates = new TreeMap<>();
    List<Slot> gaps = new ArrayList<>();
    List<Slot> duplicates = new ArrayList<>();
    long[] found = new long[spans.size()];
    long pending = 0;
    int first = 0;
    for (Slot slot : slots) {
      long at = Planner.millis(slot);
      while (first < spans.size() && spans.get(first).to() < at) {
        first++;
      }
      boolean open = state.undecided().contains(at);
      boolean covered = first < spans.size() && spans.get(first).from() <= at;
      if (covered) {
        found[first]++;
        fates.merge(nameOf(spans.get(first)), 1L, Long::sum);
        boolean twice =
            open || (first + 1 < spans.size() && spans.get(first + 1).from() <= at);
        add(duplicates, slot, twice);
      } else {
        pending += open ? 1 : 0;
        add(gaps, slot, !open);
      }
    }
    if (timeline.isDelay()) {
      spans.stream()
          .filter(span -> span.from() > begin && span.to() <= end)
          .forEach(span -> fates.merge(nameOf(span), span.count(), Long::sum));
      pending = state.undecided().size();
    } else {
      addMiscounted(spans, found, begin, end, gaps, duplicates);
    }
    long total = fates.values().stream().mapToLong(Long::longValue).sum() + pending + gaps.size();
    return new Verification(
        def.job().name(),
        from,
        to,
        Instant.ofEpochMilli(known),
        total,
        fates,
        pending,
        gaps,
        duplicates,
        overlaps());
  }

  private static void addMiscounted(
      List<Span> spans,
      long[] found,
      long begin,
      long end,
      List<Slot> gaps,
      List<Slot> duplicates) {
    for (int i = 0; i < found.length; i++) {
      Span span = spans.get(i);
      if (span.from() > begin && span.to() <= end) {
        add(gaps, Slot.at(span.first()), found[i] > span.count());
        add(duplicates, Slot.at(span.first()), found[i] < span.count());
      }
    }
  }

  private static void add(List<Slot> slots, Slot slot, boolean wanted) {
    if (wanted && slots.size() < SHOWN) {
      slots.add(slot);
    }
  }

  private List<RunRecord> overlaps() {
    return state.recent().stream()
        .filter(outcome -> Boolean.TRUE.equals(outcome.overlap()))
        .map(outcome -> RunRecord.of(def.job().name(), outcome, null))
        .toList();
  }

  private static String nameOf(Span span) {
    return span.reason() == null ? span.fate().name() : "SKIPPED(" + span.reason() + ")";
  }
}
