package io.zookit.scheduler.internal.records;

import io.zookit.core.internal.codec.Stored;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.records.StateRecord.EndRecord;
import io.zookit.scheduler.internal.records.StateRecord.RangeNumbers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@link StateRecord} as it is stored.
 *
 * @param recent the last ends, in format version 1; later versions have {@code ends}
 * @param ends see {@link EndText}
 * @param endRanges the ranges of earlier ends; null for none
 * @param outcomeRanges the ranges of earlier outcomes; null for none
 */
record StoredState(
    @Stored("mark") long watermark,
    @Stored("open") List<ClaimRecord> open,
    @Stored("queued") @Nullable SlotRecord queued,
    @Stored("recent") @Nullable List<EndRecord> recent,
    @Stored("ends") @Nullable List<String> ends,
    @Stored("fates") String outcomes,
    @Stored("since") long since,
    @Stored("failures") int failures,
    @Stored("lastEnd") long lastEnd,
    @Stored("lastSuccess") long lastSuccess,
    @Stored("endRanges") @Nullable RangeNumbers endRanges,
    @Stored("fateRanges") @Nullable RangeNumbers outcomeRanges) {

  static StoredState of(StateRecord state) {
    return new StoredState(
        state.watermark(),
        state.open(),
        state.queued(),
        null,
        EndText.write(state.recent()),
        state.outcomes(),
        state.since(),
        state.failures(),
        state.lastEnd(),
        state.lastSuccess(),
        state.endRanges().isUnused() ? null : state.endRanges(),
        state.outcomeRanges().isUnused() ? null : state.outcomeRanges());
  }

  StateRecord toState() {
    List<EndRecord> known = ends != null ? EndText.read(ends) : recent != null ? recent : List.of();
    return new StateRecord(
        watermark,
        open,
        queued,
        known,
        outcomes,
        since,
        failures,
        lastEnd,
        lastSuccess,
        endRanges == null ? RangeNumbers.NONE : endRanges,
        outcomeRanges == null ? RangeNumbers.NONE : outcomeRanges);
  }
}
