package io.zookit.scheduler;

import io.zookit.core.Subscription;
import io.zookit.core.ZkClient;

/**
 * A node that runs jobs: this process.
 *
 * <p>It runs the jobs for which it has a handler. Closing it hands over: it claims nothing more, waits for its runs,
 * interrupts those that take too long, and leaves.
 *
 * <p><i>Threads:</i> each run has a daemon thread of the scheduler. Observers and history sinks are called on the client's
 * executor.
 *
 * <p><i>Cost:</i> one ephemeral node, a watch for each of up to 256 partitions, a write each five seconds, and two
 * commits for a slot.
 */
public interface JobScheduler extends JobLedger, AutoCloseable {

  /** Starts a node with the default settings of {@link JobSchedulerBuilder}. */
  static JobScheduler start(ZkClient client) {
    return builder(client).start();
  }

  /** Starts from a client, which stays the caller's. */
  static JobSchedulerBuilder builder(ZkClient client) {
    return new JobSchedulerBuilder(client);
  }

  /**
   * Defines a job and registers its handler, with {@link DefinitionPolicy#REPLACE}: the definition in the code of the
   * application is in force after each start. During a rolling deployment it is that of the node that started last, and
   * what operators have changed ends with the next start.
   *
   * @return closing it stops this node from claiming; the definition stays
   */
  default Subscription schedule(Job job, JobHandler handler) throws InterruptedException {
    return schedule(job, DefinitionPolicy.REPLACE, handler);
  }

  /**
   * Defines a job and registers its handler, in the version that the job {@linkplain Job#needsVersion needs}.
   *
   * @param policy what happens if the stored definition differs; with {@link DefinitionPolicy#CREATE} the handler runs the
   *     job as it is stored
   * @return closing it stops this node from claiming; the definition stays
   * @throws IllegalArgumentException if its schedule has no slot left
   * @throws JobConflictException if the job is defined differently, and the policy is to validate; no handler is
   *     registered
   * @throws IllegalStateException if this node has a handler of that name; the definition is stored
   * @throws io.zookit.core.ZkUnavailableException if ZooKeeper does not answer in time; no handler is registered, and the
   *     definition may be stored. The call may be repeated
   */
  default Subscription schedule(Job job, DefinitionPolicy policy, JobHandler handler)
      throws InterruptedException {
    define(job, policy);
    return handle(job.handler(), job.minVersion(), handler);
  }

  /**
   * Registers the handler of jobs, version 0.
   *
   * @return closing it stops this node from claiming; a run in progress continues
   * @throws IllegalStateException if a handler of that name exists
   */
  default Subscription handle(String name, JobHandler handler) {
    return handle(name, 0, handler);
  }

  /** Registers the code of jobs in a version, so that jobs which {@link Job#needsVersion need} more stay away. */
  Subscription handle(String name, int version, JobHandler handler);

  /** Returns the display name of this node. */
  String label();

  @Override
  void close();
}
