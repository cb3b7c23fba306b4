package io.zookit.scheduler;

import io.zookit.scheduler.time.Slot;
import java.util.Optional;

/**
 * A slot of a job and what became of it.
 *
 * @param slot the slot
 * @param outcome the outcome; empty while the slot waits for its run or is being run
 * @param reason why the slot was skipped, if it was
 * @param run the run of the slot, if it is among the last runs of the job
 */
public record SlotReport(
    Slot slot,
    Optional<SlotOutcome> outcome,
    Optional<SkipReason> reason,
    Optional<RunRecord> run) {

  /** The outcome with its reason, such as {@code RAN} or {@code SKIPPED(OVERLAP)}; {@code PENDING} without one. */
  @Override
  public String toString() {
    String text = outcome.map(SlotOutcome::name).orElse("PENDING");
    return slot + " " + text + reason.map(why -> "(" + why + ")").orElse("");
  }
}
