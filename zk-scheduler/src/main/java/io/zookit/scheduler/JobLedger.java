package io.zookit.scheduler;

import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.scheduler.internal.SchedulerEngine;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The jobs of a cluster, from anywhere: defines, controls and reads them, and runs none.
 *
 * <p>What is done here outlives the process, so it is not closeable.
 *
 * <p>Triggers, pauses and their ends, cancellations and deletions are entered in the {@linkplain
 * io.zookit.core.audit.AuditLog audit} in the same transaction, with the author and the reason. A reason is free text; empty
 * for none.
 *
 * <p><i>Failure:</i> methods that ask ZooKeeper throw {@link io.zookit.core.ZkUnavailableException} when it does not
 * answer in time, {@link UnknownJobException} when there is no such job. Every verb may be repeated: it does then what
 * is left to do. A definition, a trigger or a pause whose answer was lost is looked for before it is sent again.
 *
 * <p><i>Cost:</i> reads are one request each for up to sixty jobs; changes are one commit after a read.
 */
public interface JobLedger {

  /** The ledger of a cluster; cheap. */
  static JobLedger in(ZkClient client) {
    return SchedulerEngine.in(client).ledger();
  }

  /**
   * Stores a definition, with {@link DefinitionPolicy#VALIDATE}. Storing an equal definition again changes nothing.
   *
   * @throws IllegalArgumentException if its schedule has no slot left
   * @throws JobConflictException if the job is defined differently
   */
  default JobView define(Job job) throws InterruptedException {
    return define(job, DefinitionPolicy.VALIDATE);
  }

  /**
   * Stores a definition. Slots before this moment stay with the previous definition.
   *
   * @param policy what happens if the stored definition differs
   * @return the job with the definition in force: with {@link DefinitionPolicy#CREATE} that may be the one that was stored
   *     before
   * @throws IllegalArgumentException if its schedule has no slot left
   * @throws JobConflictException if the job is defined differently, and the policy is to validate
   */
  JobView define(Job job, DefinitionPolicy policy) throws InterruptedException;

  /** Stores a definition, with {@link DefinitionPolicy#REPLACE}. */
  default JobView replace(Job job) throws InterruptedException {
    return define(job, DefinitionPolicy.REPLACE);
  }

  /**
   * Stores a definition if the existing one has a version. An equal definition is not stored again, whatever its version.
   *
   * @throws JobConflictException if it has another
   */
  JobView replace(Job job, int version) throws InterruptedException;

  /** A job as it is now; empty when it is not defined or deleted. */
  Optional<JobView> find(String job) throws InterruptedException;

  /** All jobs that can be read, by name. */
  default List<JobView> list() throws InterruptedException {
    return listing().jobs();
  }

  /**
   * All jobs, read at one time.
   *
   * @param jobs the jobs that could be read, by name
   * @param unreadable the reasons why a record of a job cannot be read, by job name: it was written by foreign software
   *     or by a later version. No node runs these jobs, {@link #find} throws for them, and their records are left
   *     unchanged
   */
  record Listing(List<JobView> jobs, Map<String, String> unreadable) {

    /** Keeps the order of names. */
    public Listing {
      jobs = List.copyOf(jobs);
      unreadable = Collections.unmodifiableMap(new TreeMap<>(unreadable));
    }
  }

  /** All jobs at one look, those that cannot be read among them. */
  Listing listing() throws InterruptedException;

  /**
   * Follows all jobs from now on, for consoles and lists. Returns at once; see {@link LiveValue#awaitReady}. All values of one
   * client share one follower. Several changes within 100 ms may be seen as one.
   *
   * <p><i>Cost:</i> 1 watch; at first and after each connect 1 request, 1 for each 128 partitions and 1 for each 32 jobs; 1
   * for all changes while a read is in flight and for 100 ms after it, and for each 32 jobs among them. Every claim and every
   * end of every job is an event for this client. In a client that also runs a {@link JobScheduler}, and on a server without
   * persistent watches, all jobs are read every 2 s instead.
   *
   * @throws IllegalStateException if the client is closed
   */
  LiveValue<Listing> overview();

  /** No slot is claimed from the moment this returns until {@link #resume}; runs that are on go on. */
  void pause(String job, String reason) throws InterruptedException;

  /** Claims slots again; those of the pause are skipped. */
  default void resume(String job) throws InterruptedException {
    resume(job, "");
  }

  /** Claims slots again, for a reason; those of the pause are skipped. */
  void resume(String job, String reason) throws InterruptedException;

  /**
   * Runs a job now, or as soon as the run that is on ends; also while it is paused. It is run once, however often this
   * is repeated with the same id.
   *
   * @param id made by the caller
   * @param parameters at most 4 KiB as JSON
   * @return whether this call made the trigger; false when it was there or had been run
   */
  default boolean trigger(String job, String id, Map<String, String> parameters)
      throws InterruptedException {
    return trigger(job, id, parameters, "");
  }

  /**
   * Runs a job now, or as soon as the run that is on ends, for a reason; see {@link #trigger(String, String, Map)}.
   *
   * @param id chosen by the caller
   * @param parameters at most 4 KiB as JSON
   * @return whether this call created the trigger; false if it existed or had been run
   */
  boolean trigger(String job, String id, Map<String, String> parameters, String reason)
      throws InterruptedException;

  /** Runs a job now, with an id of its own. */
  default void trigger(String job) throws InterruptedException {
    trigger(job, "t-" + java.util.UUID.randomUUID(), Map.of());
  }

  /**
   * Runs the slots of a past range again, oldest first, like manual triggers; at most 1000. A repeated call runs them
   * once more, except those that still wait for their run or are being run.
   *
   * @return the number of slots in the range: those requested by this call, and those that wait or run
   */
  default int backfill(String job, Instant after, Instant upTo) throws InterruptedException {
    return backfill(job, after, upTo, "");
  }

  /**
   * Runs the slots of a past range again, for a reason; see {@link #backfill(String, Instant, Instant)}.
   *
   * @return the number of slots in the range: those requested by this call, and those that wait or run
   */
  int backfill(String job, Instant after, Instant upTo, String reason) throws InterruptedException;

  /** Asks the run that is on to end; whether there was one. */
  default boolean cancel(String job) throws InterruptedException {
    return cancel(job, "");
  }

  /** Asks the run that is on to end, for a reason; whether there was one. */
  boolean cancel(String job, String reason) throws InterruptedException;

  /** Deletes a job. Its ledger stays, so that a job of the same name never runs the old slots; whether there was one. */
  default boolean delete(String job) throws InterruptedException {
    return delete(job, "");
  }

  /** Deletes a job, for a reason; see {@link #delete(String)}. Returns whether there was one. */
  boolean delete(String job, String reason) throws InterruptedException;

  /** The last ends of runs, newest first; at most 20. */
  List<RunRecord> history(String job) throws InterruptedException;

  /**
   * The newest slots of a job that have come, newest first, with their outcomes; skipped and missed ones too. Those that the
   * ledger no longer holds are left out. Of a fixed delay, whose slots follow from the ends of runs, only the first and the
   * last of several equal outcomes in a row are known. Manual runs are in {@link #history}.
   *
   * @param count 1 to 1000
   */
  List<SlotReport> slots(String job, int count) throws InterruptedException;

  /** The next slots of a job. Of a fixed delay only the next one is known. */
  List<NextRun> next(String job, int count) throws InterruptedException;

  /** Verifies that each slot of a range has exactly one outcome, as far back as the ledger reaches. */
  default Verification verify(String job, Instant after, Instant upTo) throws InterruptedException {
    return verify(job, after, upTo, List.of());
  }

  /**
   * Verifies that each slot of a range has exactly one outcome. Slots that the ledger no longer holds are looked up in
   * sinks: a slot with one run in them has its outcome, one with two runs has one too many, and the outcome of the others,
   * which may have been skipped, is {@code UNKNOWN}.
   *
   * @param sinks all sinks that the nodes wrote to; with fewer, less is known
   */
  Verification verify(
      String job, Instant after, Instant upTo, List<? extends HistorySink.Archive> sinks)
      throws InterruptedException;

  /** The nodes that are connected. */
  List<JobNode> nodes() throws InterruptedException;
}
