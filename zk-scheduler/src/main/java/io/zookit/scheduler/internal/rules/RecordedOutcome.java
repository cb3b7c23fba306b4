package io.zookit.scheduler.internal.rules;

import io.zookit.scheduler.RunRecord;
import io.zookit.scheduler.SkipReason;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.time.Slot;
import org.jspecify.annotations.Nullable;

/**
 * A slot and its outcome as the ledger records them.
 *
 * @param slot the slot
 * @param outcome null while the slot waits for its run, or for the end of it
 * @param reason why the slot was skipped; null if it was not
 * @param run the run of the slot, if it is among the last runs of the job; else null
 */
public record RecordedOutcome(
    Slot slot,
    @Nullable SlotOutcome outcome,
    @Nullable SkipReason reason,
    @Nullable RunRecord run) {}
