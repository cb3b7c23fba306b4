package io.zookit.scheduler;

import io.zookit.scheduler.time.Slot;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Result of comparing the ledger with all slots of a job in a range of time.
 *
 * @param job the job
 * @param from slots after this instant
 * @param to and not after this one
 * @param knownFrom beginning of the ledger's knowledge, or that of sinks if it has no hole; earlier slots are
 *     {@link #isComplete not known}
 * @param slots number of slots that the schedule has in the known part of the range, and in the part looked up in sinks
 * @param outcomes number of slots by outcome; skipped ones by their reason, such as {@code SKIPPED(OVERLAP)}, and as
 *     {@code UNKNOWN} those of which no queried sink has a run
 * @param pending number of slots that wait for their turn or their end
 * @param gaps slots without an outcome: always empty, unless the ledger was tampered with
 * @param duplicates slots with more than one outcome: always empty too
 * @param suspectedOverlaps recent runs whose code was seen working after their claim was lost
 */
public record Verification(
    String job,
    Instant from,
    Instant to,
    Instant knownFrom,
    long slots,
    Map<String, Long> outcomes,
    long pending,
    List<Slot> gaps,
    List<Slot> duplicates,
    List<RunRecord> suspectedOverlaps) {

  /** Returns whether the ledger reaches back to the beginning of the range. */
  public boolean isComplete() {
    return !knownFrom.isAfter(from);
  }

  /** Returns whether every slot of the known part has exactly one outcome. */
  public boolean isClean() {
    return gaps.isEmpty() && duplicates.isEmpty();
  }
}
