package io.zookit.scheduler.internal.ledger;

import io.zookit.scheduler.SlotReport;
import io.zookit.scheduler.internal.records.Records.DefRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.rules.OutcomeLister;
import io.zookit.scheduler.internal.rules.RecordedOutcome;
import io.zookit.scheduler.internal.rules.ScheduleTimeline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Finds the newest slots of a job and their outcomes. Pure.
 *
 * <p>Schedules only count forward, so the slots of a range that ends at the watermark are listed, and the range grows until
 * it holds enough of them.
 */
final class NewestSlots {

  /** The number of slots that are listed at a time. */
  private static final int PAGE = 10_000;

  private static final int GROWTH = 4;

  private NewestSlots() {}

  /** Returns at most {@code count} slots up to the watermark, newest first. */
  static List<SlotReport> of(DefRecord def, StateRecord state, int count) {
    OutcomeLister lister = new OutcomeLister(def, state);
    long end = state.watermark();
    long begin = Math.min(end, Math.max(state.since(), new ScheduleTimeline(def).since()));
    Instant upTo = Instant.ofEpochMilli(end);
    long length = Math.max(1, count) * 1000L;
    while (true) {
      long after = Math.max(begin, end - length);
      List<RecordedOutcome> newest = newest(lister, Instant.ofEpochMilli(after), upTo, count);
      if (newest.size() == count || after == begin) {
        return newestFirst(newest);
      }
      length *= GROWTH;
    }
  }

  /** Returns the newest slots of a range, oldest first. */
  private static List<RecordedOutcome> newest(
      OutcomeLister lister, Instant after, Instant upTo, int count) {
    List<RecordedOutcome> newest = List.of();
    Instant from = after;
    while (true) {
      List<RecordedOutcome> page = lister.list(from, upTo, PAGE);
      List<RecordedOutcome> both = new ArrayList<>(newest);
      both.addAll(page);
      newest = both.subList(Math.max(0, both.size() - count), both.size());
      if (page.size() < PAGE) {
        return newest;
      }
      from = page.get(PAGE - 1).slot().instant();
    }
  }

  private static List<SlotReport> newestFirst(List<RecordedOutcome> slots) {
    List<SlotReport> newest = new ArrayList<>();
    for (RecordedOutcome each : slots) {
      newest.add(new SlotReport(
          each.slot(),
          Optional.ofNullable(each.outcome()),
          Optional.ofNullable(each.reason()),
          Optional.ofNullable(each.run())));
    }
    Collections.reverse(newest);
    return List.copyOf(newest);
  }
}
