package io.zookit.scheduler;

import io.zookit.scheduler.time.Slot;
import org.jspecify.annotations.Nullable;

/**
 * What a node makes of a job whose slots are due.
 *
 * @param state the state to write: marks moved and fates of passed slots written, without the claim
 * @param start the slot to claim, if there is one
 * @param from where the interval of that slot begins, epoch milliseconds
 * @param waiting since when a slot has waited to be run, epoch milliseconds: the oldest that could have been
 * @param passed how many slots got a fate without a run
 * @param missed how many of them because no node was there
 */
record Plan(
    StateRecord state, @Nullable Slot start, long from, long waiting, int passed, int missed) {

  boolean changesNothing() {
    return start == null && passed == 0;
  }
}
