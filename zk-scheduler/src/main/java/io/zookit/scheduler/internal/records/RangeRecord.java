package io.zookit.scheduler.internal.records;

import io.zookit.core.internal.codec.Stored;
import io.zookit.scheduler.internal.records.StateRecord.EndRecord;
import java.util.List;

/**
 * A part of a job's past that its state no longer holds; written once.
 *
 * @param since outcomes of slots after this instant are in this range or in what is newer, in epoch milliseconds
 * @param outcomes see {@link OutcomeLog}; empty in a range of ends
 * @param ends see {@link EndText}, oldest first; empty in a range of outcomes
 */
public record RangeRecord(
    @Stored("since") long since,
    @Stored("fates") String outcomes,
    @Stored("ends") List<String> ends) {

  /** Returns a range of ends. */
  static RangeRecord ofEnds(List<EndRecord> ends) {
    return new RangeRecord(0, "", EndText.write(ends));
  }

  /** Returns a range of outcomes. */
  static RangeRecord of(OutcomeLog log) {
    return new RangeRecord(log.since(), log.text(), List.of());
  }

  /** Returns the ends of the range, oldest first. */
  public List<EndRecord> read() {
    return EndText.read(ends);
  }

  /** Returns a copy in which an end is replaced by another of the same claim. */
  public RangeRecord with(EndRecord end) {
    return new RangeRecord(
        since,
        outcomes,
        EndText.write(
            read().stream().map(each -> each.id().equals(end.id()) ? end : each).toList()));
  }
}
