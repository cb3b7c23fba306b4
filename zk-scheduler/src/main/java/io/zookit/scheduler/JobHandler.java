package io.zookit.scheduler;

/** The code of a job in this process. */
@FunctionalInterface
public interface JobHandler {

  /**
   * Runs one slot, or one shard of it. It should end soon when its thread is interrupted: the run was cancelled, timed
   * out or lost its session.
   *
   * @throws Exception the run has failed; it is retried or recorded as FAILED
   */
  void run(JobRun run) throws Exception;

  /**
   * Runs once when all shards of a slot are done, on one node, under a claim of its own.
   *
   * @throws Exception the slot is recorded as FAILED
   */
  default void onAllShardsDone(JobRun run) throws Exception {}
}
