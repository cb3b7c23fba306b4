package io.zookit.scheduler;

import io.zookit.scheduler.time.Slot;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What the ledger says about all slots of a job in a range of time.
 *
 * @param job the job
 * @param from slots after this instant
 * @param to and not after this one
 * @param knownFrom where the ledger's knowledge begins, or that of sinks if it has no hole; what is before is {@link
 *     #isComplete not known}
 * @param slots how many slots the schedule has in the known part of the range, and in the part that sinks were asked about
 * @param fates how many of them have which fate; skipped ones by their reason, such as {@code SKIPPED(OVERLAP)}, and as
 *     {@code UNKNOWN} those of which no sink that was asked has a run
 * @param pending how many wait for their turn or their end
 * @param gaps slots without a fate: never any, unless the ledger was tampered with
 * @param duplicates slots with more than one fate: never any either
 * @param suspectedOverlaps recent runs whose code was seen working after their claim was lost
 */
public record Verification(
    String job,
    Instant from,
    Instant to,
    Instant knownFrom,
    long slots,
    Map<String, Long> fates,
    long pending,
    List<Slot> gaps,
    List<Slot> duplicates,
    List<RunRecord> suspectedOverlaps) {

  /** Whether the ledger reaches back to the begin of the range. */
  public boolean isComplete() {
    return !knownFrom.isAfter(from);
  }

  /** Whether every slot of the known part has exactly one fate. */
  public boolean isClean() {
    return gaps.isEmpty() && duplicates.isEmpty();
  }
}
