package io.zookit.scheduler.internal.rules;

import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.time.Slot;
import org.jspecify.annotations.Nullable;

/**
 * Decision of a node for a job whose slots are due.
 *
 * @param state the state to write: watermark moved and outcomes of passed slots written, without the claim
 * @param start the slot to claim, if there is one
 * @param from beginning of the interval of that slot, epoch milliseconds
 * @param waiting since when a slot has waited to be run, epoch milliseconds: the oldest that could have been
 * @param passed number of slots that got an outcome without a run
 * @param missed number of them that got it because no node was connected
 */
public record Plan(
    StateRecord state, @Nullable Slot start, long from, long waiting, int passed, int missed) {

  public boolean changesNothing() {
    return start == null && passed == 0;
  }
}
