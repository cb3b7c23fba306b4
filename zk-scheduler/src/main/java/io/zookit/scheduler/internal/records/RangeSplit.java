package io.zookit.scheduler.internal.records;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.internal.records.OutcomeLog.Span;
import io.zookit.scheduler.internal.records.StateRecord.EndRecord;
import io.zookit.scheduler.internal.records.StateRecord.RangeNumbers;
import java.util.ArrayList;
import java.util.List;

/**
 * A state whose old ends and outcomes are moved to ranges, because every claim rewrites what the state holds.
 *
 * <p>Ends are moved when there are more than {@value #MOST_ENDS}, so that one range is written for a few runs; outcomes
 * when their text is longer than {@value #MOST_CHARACTERS} characters, which is never the case of a job whose slots all
 * have one outcome. Pure.
 *
 * @param kept the state that remains
 * @param added the ranges to be created
 * @param dropped the ranges that are too old by then
 */
public record RangeSplit(StateRecord kept, List<AddedRange> added, List<ZkPath> dropped) {

  /** The greatest number of ends in a state that was split. */
  static final int MOST_ENDS = 6;

  private static final int KEPT_ENDS = 3;
  private static final int MOST_END_RANGES = 8;

  /** The greatest length of the outcomes in a state that was split. */
  static final int MOST_CHARACTERS = 600;

  private static final int KEPT_SPANS = 3;
  private static final int MOST_OUTCOME_RANGES = 20;

  /** A range to be created. */
  public record AddedRange(ZkPath path, RangeRecord range) {}

  /** Copies the lists. */
  public RangeSplit {
    added = List.copyOf(added);
    dropped = List.copyOf(dropped);
  }

  /** Splits a state; nothing is moved if it is small. */
  public static RangeSplit of(JobPaths paths, String job, StateRecord state) {
    List<AddedRange> added = new ArrayList<>();
    List<ZkPath> dropped = new ArrayList<>();
    StateRecord kept = state;
    List<EndRecord> ends = kept.recent();
    if (ends.size() > MOST_ENDS) {
      int moved = ends.size() - KEPT_ENDS;
      RangeNumbers numbers = kept.endRanges();
      added.add(new AddedRange(
          paths.ends(job, numbers.next()), RangeRecord.ofEnds(ends.subList(0, moved))));
      numbers.oldestBeyond(MOST_END_RANGES).ifPresent(old -> dropped.add(paths.ends(job, old)));
      kept = kept.withRecent(ends.subList(moved, ends.size()))
          .withEndRanges(numbers.next(MOST_END_RANGES));
    }
    if (kept.outcomes().length() > MOST_CHARACTERS) {
      OutcomeLog log = kept.outcomeLog();
      List<Span> spans = log.spans();
      int moved = spans.size() - KEPT_SPANS;
      RangeNumbers numbers = kept.outcomeRanges();
      added.add(new AddedRange(
          paths.outcomes(job, numbers.next()),
          RangeRecord.of(new OutcomeLog(log.since(), spans.subList(0, moved)))));
      numbers
          .oldestBeyond(MOST_OUTCOME_RANGES)
          .ifPresent(old -> dropped.add(paths.outcomes(job, old)));
      kept = kept.withOutcomes(new OutcomeLog(
              spans.get(moved - 1).to(), List.copyOf(spans.subList(moved, spans.size()))))
          .withOutcomeRanges(numbers.next(MOST_OUTCOME_RANGES));
    }
    return new RangeSplit(kept, added, dropped);
  }
}
