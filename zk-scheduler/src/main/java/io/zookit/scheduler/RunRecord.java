package io.zookit.scheduler;

import io.zookit.scheduler.time.Slot;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The end of a run.
 *
 * @param job the job
 * @param id of the claim
 * @param slot the slot
 * @param manual whether it was triggered manually
 * @param node the label of the node
 * @param attempt the last attempt
 * @param start when the slot was claimed
 * @param end when the end was recorded
 * @param outcome the final result of the slot
 * @param overlapSuspected whether the code was seen running after its claim was lost
 * @param error the exception that was thrown, if any; the whole stack trace only in a {@link HistorySink}
 */
public record RunRecord(
    String job,
    String id,
    Slot slot,
    boolean manual,
    String node,
    int attempt,
    Instant start,
    Instant end,
    SlotOutcome outcome,
    boolean overlapSuspected,
    @Nullable String error) {

  /** Returns the time from claim to end. */
  public Duration duration() {
    return Duration.between(start, end);
  }
}
