package io.zookit.scheduler.internal.rules;

import io.zookit.scheduler.RunRecord;
import io.zookit.scheduler.internal.records.OutcomeLog.Span;
import io.zookit.scheduler.internal.records.Records.DefRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.EndRecord;
import io.zookit.scheduler.time.Slot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lists the outcomes of slots. Pure.
 *
 * <p>The slots are those of the schedules in force at the time. A fixed delay has no slots of its own: of a run of equal
 * outcomes only the first and the last slot are recorded, and these are listed.
 */
public record OutcomeLister(DefRecord def, StateRecord state) {

  /**
   * Returns the slots of a range that the ledger has outcomes of, oldest first.
   *
   * @param after slots after this instant
   * @param upTo and not after this one
   * @param most the greatest number of slots; those after them are left out
   */
  public List<RecordedOutcome> list(Instant after, Instant upTo, int most) {
    ScheduleTimeline timeline = new ScheduleTimeline(def);
    long begin = Math.max(Math.max(state.since(), timeline.since()), after.toEpochMilli());
    long end = Math.min(upTo.toEpochMilli(), state.watermark());
    List<Span> spans = state.outcomeLog().spans();
    Map<Long, RunRecord> runs = runs();
    List<RecordedOutcome> listed = new ArrayList<>();
    if (timeline.isDelay()) {
      for (Span span : spans) {
        addEnd(listed, span, span.from(), runs, begin, end);
        if (span.count() > 1) {
          addEnd(listed, span, span.to(), runs, begin, end);
        }
      }
      return List.copyOf(listed.subList(0, Math.min(most, listed.size())));
    }
    int next = 0;
    for (Slot slot : timeline.between(begin, end, 0, most)) {
      long at = Planner.millis(slot);
      while (next < spans.size() && spans.get(next).to() < at) {
        next++;
      }
      boolean recorded = next < spans.size() && spans.get(next).from() <= at;
      listed.add(outcome(slot, recorded ? spans.get(next) : null, runs));
    }
    return List.copyOf(listed);
  }

  private static void addEnd(
      List<RecordedOutcome> listed,
      Span span,
      long at,
      Map<Long, RunRecord> runs,
      long begin,
      long end) {
    if (at > begin && at <= end) {
      listed.add(outcome(Slot.at(Instant.ofEpochMilli(at)), span, runs));
    }
  }

  private static RecordedOutcome outcome(
      Slot slot, @Nullable Span span, Map<Long, RunRecord> runs) {
    return span == null
        ? new RecordedOutcome(slot, null, null, null)
        : new RecordedOutcome(slot, span.outcome(), span.reason(), runs.get(Planner.millis(slot)));
  }

  /** The last runs that took slots, by the instants of these. */
  private Map<Long, RunRecord> runs() {
    Map<Long, RunRecord> runs = new HashMap<>();
    for (EndRecord ended : state.recent()) {
      if (ended.manual() == null) {
        runs.put(ended.slot().at(), ended.toRun(def.job().name(), null));
      }
    }
    return runs;
  }
}
