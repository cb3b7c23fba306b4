package io.zookit.scheduler;

import io.zookit.core.FencingToken;
import io.zookit.core.ZkClient;
import io.zookit.scheduler.internal.SchedulerEngine;
import io.zookit.scheduler.time.Slot;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Claims of slots that another scheduler keeps: the first claimant in the whole cluster runs a slot.
 *
 * <p>The ledger of such a job has no schedule, only a watermark that slots advance: a slot that is not after it was
 * run, or was passed. Runs may overlap.
 */
public interface SlotClaims {

  /** The claims of a cluster; cheap. */
  static SlotClaims in(ZkClient client) {
    return SchedulerEngine.in(client).claims();
  }

  /**
   * Claims a slot, if it is unclaimed.
   *
   * @param job a name that identifies one trigger in the whole cluster
   * @throws io.zookit.core.ZkUnavailableException if ZooKeeper does not answer in time, or the caller is interrupted;
   *     the slot may have been claimed and will then be recorded as orphaned
   */
  Optional<SlotClaim> tryClaim(String job, Slot slot) throws InterruptedException;

  /** A slot that is this process's to run. */
  interface SlotClaim {

    /** Greater than that of every earlier claim. */
    FencingToken token();

    /** Returns whether the claim is still held: the session is connected and answered within its timeout. */
    boolean isValid();

    /**
     * Records the end. When this throws, it is tried further in the background as long as the claim is held.
     *
     * @param error what was thrown, if anything
     * @return whether it was recorded; false when the claim had been lost
     */
    boolean end(SlotOutcome outcome, @Nullable String error) throws InterruptedException;
  }
}
