package io.zookit.scheduler.internal.rules;

import io.zookit.scheduler.RunRecord;
import io.zookit.scheduler.Verification;
import io.zookit.scheduler.internal.records.OutcomeLog.Span;
import io.zookit.scheduler.internal.records.Records.DefRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.time.Slot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares the recorded outcomes with the slots of the schedules in force at the time, and counts. Pure.
 *
 * <p>A span of equal outcomes proves its slots by its ends and its count: exactly that number of slots of the schedule
 * must lie between.
 *
 * @param kept runs from elsewhere, for what lies before the ledger's reach
 */
public record Verifier(DefRecord def, StateRecord state, List<RunRecord> kept) {

  private static final int MOST_SLOTS = 2_000_000;
  private static final int SHOWN = 100;
  private static final String UNKNOWN = "UNKNOWN";

  /** Creates a verifier of the ledger alone. */
  public Verifier(DefRecord def, StateRecord state) {
    this(def, state, List.of());
  }

  public Verification verify(Instant from, Instant to) {
    ScheduleTimeline timeline = new ScheduleTimeline(def);
    long known = Math.max(state.since(), timeline.since());
    long begin = Math.max(known, from.toEpochMilli());
    long end = Math.min(to.toEpochMilli(), state.watermark());
    List<Span> spans = state.outcomeLog().spans();
    SlotCount count = new SlotCount(spans, state.undecided());
    if (timeline.isDelay()) {
      spans.stream()
          .filter(span -> span.from() > begin && span.to() <= end)
          .forEach(span -> count.outcomes.merge(nameOf(span), span.count(), Long::sum));
      count.pending = state.undecided().size();
    } else {
      timeline.between(begin, end, 0, MOST_SLOTS).forEach(count::add);
      addMiscounted(spans, count.found, begin, end, count.gaps, count.duplicates);
    }
    boolean reached =
        addKept(timeline, from.toEpochMilli(), Math.min(known, to.toEpochMilli()), count);
    return new Verification(
        def.job().name(),
        from,
        to,
        reached && known > from.toEpochMilli() ? from : Instant.ofEpochMilli(known),
        count.all(),
        count.outcomes,
        count.pending,
        count.gaps,
        count.duplicates,
        overlaps());
  }

  /** Counts what is before the ledger's reach by the runs that were kept; whether all of it is known. */
  private boolean addKept(ScheduleTimeline timeline, long from, long to, SlotCount count) {
    if (kept.isEmpty() || from >= to) {
      return false;
    }
    Map<Long, Map<String, RunRecord>> runs = new TreeMap<>();
    for (RunRecord run : kept) {
      long at = Planner.millis(run.slot());
      if (!run.manual() && at > from && at <= to) {
        runs.computeIfAbsent(at, any -> new TreeMap<>()).put(run.id(), run);
      }
    }
    if (timeline.isDelay()) {
      runs.values().forEach(each -> count.add(each.values()));
      return false;
    }
    boolean all = true;
    for (Slot slot : timeline.between(Math.max(from, timeline.since()), to, 0, MOST_SLOTS)) {
      Map<String, RunRecord> found = runs.getOrDefault(Planner.millis(slot), Map.of());
      count.add(found.values());
      add(count.duplicates, slot, found.size() > 1);
      all &= !found.isEmpty();
    }
    return all;
  }

  /** Slots in order, laid under the runs of outcomes. */
  private static final class SlotCount {

    private final List<Span> spans;
    private final List<Long> undecided;
    private final long[] found;
    private final Map<String, Long> outcomes = new TreeMap<>();
    private final List<Slot> gaps = new ArrayList<>();
    private final List<Slot> duplicates = new ArrayList<>();
    private long pending;
    private int first;

    SlotCount(List<Span> spans, List<Long> undecided) {
      this.spans = spans;
      this.undecided = undecided;
      this.found = new long[spans.size()];
    }

    long all() {
      long fated = outcomes.values().stream().mapToLong(Long::longValue).sum();
      return fated + pending + gaps.size();
    }

    /** A slot by the runs that were kept of it. */
    void add(Collection<RunRecord> runs) {
      String outcome =
          runs.isEmpty() ? UNKNOWN : runs.iterator().next().outcome().name();
      outcomes.merge(outcome, 1L, Long::sum);
    }

    void add(Slot slot) {
      long at = Planner.millis(slot);
      while (first < spans.size() && spans.get(first).to() < at) {
        first++;
      }
      boolean open = undecided.contains(at);
      if (first < spans.size() && spans.get(first).from() <= at) {
        found[first]++;
        outcomes.merge(nameOf(spans.get(first)), 1L, Long::sum);
        boolean twice = first + 1 < spans.size() && spans.get(first + 1).from() <= at;
        Verifier.add(duplicates, slot, open || twice);
      } else {
        pending += open ? 1 : 0;
        Verifier.add(gaps, slot, !open);
      }
    }
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
        .filter(ended -> Boolean.TRUE.equals(ended.overlap()))
        .map(ended -> ended.toRun(def.job().name(), null))
        .toList();
  }

  private static String nameOf(Span span) {
    return span.reason() == null ? span.outcome().name() : "SKIPPED(" + span.reason() + ")";
  }
}
