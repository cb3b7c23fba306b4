package io.zookit.scheduler;

import io.zookit.core.FencingToken;
import io.zookit.scheduler.time.Slot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One run of a job, as its code sees it.
 *
 * <p><i>Threads:</i> all methods may be called from any thread while the run is on.
 */
public interface JobRun {

  /** The name of the job. */
  String job();

  /** The tick this run stands for; of a manual run the moment it was asked for. */
  Slot slot();

  /** Returns the instant at which the slot was due. */
  default Instant scheduledTime() {
    return slot().instant();
  }

  /** Returns the beginning of the interval that this run covers; it ends, exclusive, at {@link #scheduledTime}. */
  Instant previousTime();

  /** Greater than that of every earlier run of any job; for the store that this run writes to. */
  FencingToken token();

  /** 1 for the first try of a slot; claims after a death and retries after an error count on. */
  int attempt();

  /** Which shard this is, from 0; 0 when the job is not sharded. */
  int shard();

  /** Returns the number of shards; 1 if the job is not sharded. */
  int shards();

  /** Returns the parameters of the definition or of the trigger; with the parameter of the shard as {@code shard}. */
  Map<String, String> parameters();

  /** Returns whether this run was triggered manually. */
  boolean isManual();

  /** The nodes that were to run a broadcast slot; empty for other modes. */
  List<String> members();

  /**
   * Returns whether this run still holds its claim. False from the first instruction after a pause longer than the
   * session, while the connection is in doubt, after the run was cancelled, and within about two seconds after another
   * client removed its node; in the last case the run is interrupted, has no end record, and the record of its slot
   * says that runs may have overlapped.
   */
  boolean isValid();

  /** Returns the data last passed to {@link #checkpoint} by this attempt of the slot or an earlier one. */
  Optional<byte[]> lastCheckpoint();

  /**
   * Stores the progress of the run, for the attempt after a death. It is deleted at the end of the slot.
   *
   * @param progress at most 64 KiB
   * @throws io.zookit.core.ZkException if the claim is lost; nothing was stored
   * @throws io.zookit.core.ZkUnavailableException if ZooKeeper did not answer in time; outcome unknown
   */
  void checkpoint(byte[] progress) throws InterruptedException;
}
