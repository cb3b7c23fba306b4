package io.zookit.scheduler;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.internal.records.JobPolicies;
import io.zookit.scheduler.internal.records.JobRecord;
import io.zookit.scheduler.internal.records.ScheduleRecord;
import io.zookit.scheduler.time.Schedule;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The definition of a job: data that all nodes share. Immutable; every verb returns a copy.
 *
 * <p>Without a schedule a job runs when it is triggered. The defaults: exclusive, overlap forbidden, the newest slot of
 * the last hour is caught up, a run whose node died is not repeated, no retry, no greatest length.
 */
public final class Job {

  private static final int MOST_SHARDS = 256;
  private static final Duration LONGEST = Duration.ofDays(366);

  private final JobRecord record;
  private final @Nullable Schedule schedule;

  private Job(JobRecord record) {
    this.record = record;
    this.schedule = record.schedule() == null ? null : record.schedule().toSchedule();
  }

  /**
   * A job that is run by the handler of the same name, exclusively, when it is triggered.
   *
   * @param name {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}
   */
  public static Job named(String name) {
    return new Job(JobRecord.named(ZkPath.requireName("job", name)));
  }

  /** Runs at the times of a cron expression, see {@link Schedule#cron}. */
  public Job cron(String expression, ZoneId zone) {
    return on(Schedule.cron(expression, zone));
  }

  /** Runs at the slots of a schedule. */
  public Job on(Schedule newSchedule) {
    return new Job(record.withSchedule(ScheduleRecord.of(newSchedule)));
  }

  /** Runs, as if triggered, each time another job has RAN. */
  public Job after(String job) {
    return new Job(record.withAfter(ZkPath.requireName("job", job)));
  }

  /** Each slot is run by one node. */
  public Job exclusive() {
    return new Job(record.withMode(JobMode.EXCLUSIVE, 1, List.of()));
  }

  /** Each slot is run by every capable node. */
  public Job broadcast() {
    return new Job(record.withMode(JobMode.BROADCAST, 1, List.of()));
  }

  /** Returns a copy that runs each slot in a number of shards, 1 to 256. */
  public Job sharded(int shards) {
    if (shards < 1 || shards > MOST_SHARDS) {
      throw new IllegalArgumentException(
          "shards: " + shards + " (expected: 1 to " + MOST_SHARDS + ")");
    }
    return new Job(record.withMode(JobMode.SHARDED, shards, List.of()));
  }

  /** Each slot is run in one shard for each of these parameters. */
  public Job sharded(List<String> parameters) {
    JobRecord sharded = sharded(parameters.size()).record;
    return new Job(sharded.withMode(JobMode.SHARDED, parameters.size(), List.copyOf(parameters)));
  }

  /** Runs the handler of another name. */
  public Job handledBy(String handler) {
    return new Job(record.withHandler(ZkPath.requireName("handler", handler), record.minVersion()));
  }

  /** Only nodes whose handler has at least this version run the job. */
  public Job needsVersion(int version) {
    if (version < 0) {
      throw new IllegalArgumentException("version: " + version + " (expected: 0 or more)");
    }
    return new Job(record.withHandler(record.handler(), version));
  }

  /** Returns a copy with the policy for slots that are due during a run. */
  public Job overlap(Overlap overlap) {
    return new Job(record.withPolicies(record.policies().withOverlap(overlap)));
  }

  /**
   * Returns a copy with the time that a run which is to be replaced may take to end before it is evicted; unlimited
   * unless set.
   */
  public Job evictAfter(Duration patience) {
    requireLength("patience", patience);
    return new Job(record.withPolicies(record.policies().withEvictAfter(patience)));
  }

  /** Returns a copy with the policy for slots that were not run in time. */
  public Job catchUp(CatchUp catchUp) {
    return new Job(record.withPolicies(record.policies().withCatchUp(catchUp)));
  }

  /** Returns a copy with the policy for runs whose node died. */
  public Job onDeath(OnDeath onDeath) {
    return new Job(record.withPolicies(record.policies().withOnDeath(onDeath)));
  }

  /** Returns a copy with the retry policy for code that throws. */
  public Job retry(Retry retry) {
    return new Job(record.withPolicies(record.policies().withRetry(retry)));
  }

  /** Interrupts a run that takes longer, and records it as TIMED_OUT. */
  public Job maxRunTime(Duration length) {
    requireLength("maxRunTime", length);
    return new Job(record.withPolicies(record.policies().withMaxRunTime(length)));
  }

  /** Returns a copy that pauses the job after a number of consecutive slots that did not end as RAN, 1 or more. */
  public Job pauseAfter(int failures) {
    if (failures < 1) {
      throw new IllegalArgumentException("failures: " + failures + " (expected: 1 or more)");
    }
    return new Job(record.withPolicies(record.policies().withPauseAfter(failures)));
  }

  /** Runs each slot later by a length below this, the same for all slots and nodes, made from the job's name. */
  public Job jitter(Duration below) {
    requireLength("jitter", below);
    return new Job(record.withPolicies(record.policies().withJitter(below)));
  }

  /** A copy with these parameters for its runs. */
  public Job parameters(Map<String, String> parameters) {
    return new Job(record.withParameters(Map.copyOf(parameters)));
  }

  /** The name. */
  public String name() {
    return record.name();
  }

  /** Returns the schedule, if the job has one. */
  public Optional<Schedule> schedule() {
    return Optional.ofNullable(schedule);
  }

  /** Returns which nodes run a slot. */
  public JobMode mode() {
    return record.mode();
  }

  /** The handler's name. */
  public String handler() {
    return record.handler();
  }

  /** Returns the job whose successful runs trigger this one, if there is one. */
  public Optional<String> after() {
    return Optional.ofNullable(record.after());
  }

  /** Returns the number of shards of a slot; 1 unless the job is sharded. */
  public int shards() {
    return record.shards();
  }

  /** Returns the parameter of each shard; empty if shards have none. */
  public List<String> shardParameters() {
    return record.shardParameters();
  }

  /** Returns the lowest version of a handler that runs the job. */
  public int minVersion() {
    return record.minVersion();
  }

  /** Returns the policy for slots that are due during a run. */
  public Overlap overlap() {
    return record.policies().overlap();
  }

  /** Returns the time after which a run that is to be replaced is evicted, if it is limited. */
  public Optional<Duration> evictAfter() {
    return Optional.ofNullable(record.policies().evictAfter()).map(Duration::ofMillis);
  }

  /** Returns the policy for slots that were not run in time. */
  public CatchUp catchUp() {
    JobPolicies policies = record.policies();
    return new CatchUp(policies.catchUp(), Duration.ofMillis(policies.window()), policies.most());
  }

  /** Returns the policy for runs whose node died. */
  public OnDeath onDeath() {
    return new OnDeath(record.policies().onDeath(), record.policies().claims());
  }

  /** Returns the retry policy for code that throws. */
  public Retry retry() {
    return record.policies().retry();
  }

  /** Returns the time after which a run is interrupted, if it is limited. */
  public Optional<Duration> maxRunTime() {
    return Optional.ofNullable(record.policies().maxRunTime()).map(Duration::ofMillis);
  }

  /** Returns the number of failures in a row that pauses the job, if there is one. */
  public Optional<Integer> pauseAfter() {
    return Optional.ofNullable(record.policies().pauseAfter());
  }

  /** Returns the bound of the job's delay, if it has one. */
  public Optional<Duration> jitter() {
    return Optional.ofNullable(record.policies().jitter()).map(Duration::ofMillis);
  }

  /** The parameters for its runs. */
  public Map<String, String> parameters() {
    return record.parameters();
  }

  private static void requireLength(String what, Duration length) {
    if (length.compareTo(Duration.ofMillis(1)) < 0 || length.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(what + ": " + length + " (expected: 1 ms to 366 days)");
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Job that && record.equals(that.record);
  }

  @Override
  public int hashCode() {
    return record.hashCode();
  }

  @Override
  public String toString() {
    return "job " + name();
  }
}
