package io.zookit.scheduler;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.time.Schedule;
import java.time.Duration;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The definition of a job: data that all nodes share. Immutable; {@link #named} creates one, every verb returns a copy.
 *
 * <p>Without a schedule a job runs when it is triggered. The defaults: exclusive, overlap forbidden, the newest slot of
 * the last hour is caught up, a run whose node died is not repeated, no retry, no limit of the run time.
 *
 * <p>Durations are kept to the millisecond.
 *
 * @param name {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}
 * @param schedule the schedule; empty for a job that runs only when it is triggered
 * @param after the job whose successful runs trigger this one, if there is one
 * @param mode which nodes run a slot
 * @param shards the number of shards of a slot; 1 unless the job is sharded
 * @param shardParameters the parameter of each shard; empty if shards have none
 * @param handler the name of the handler that runs it
 * @param minVersion the lowest version of a handler that runs it
 * @param overlap the policy for slots that are due during a run
 * @param evictAfter the time after which a run that is to be replaced is evicted, if it is limited
 * @param catchUp the policy for slots that were not run in time
 * @param onDeath the policy for runs whose node died
 * @param retry the retry policy for code that throws
 * @param maxRunTime the time after which a run is interrupted, if it is limited
 * @param pauseAfter the number of failures in a row that pauses the job, if there is one
 * @param jitter the bound of the job's delay, if it has one
 * @param parameters the parameters for its runs
 */
public record Job(
    String name,
    Optional<Schedule> schedule,
    Optional<String> after,
    JobMode mode,
    int shards,
    List<String> shardParameters,
    String handler,
    int minVersion,
    Overlap overlap,
    Optional<Duration> evictAfter,
    CatchUp catchUp,
    OnDeath onDeath,
    Retry retry,
    Optional<Duration> maxRunTime,
    Optional<Integer> pauseAfter,
    Optional<Duration> jitter,
    Map<String, String> parameters) {

  private static final int MOST_SHARDS = 256;
  private static final Duration LONGEST = Duration.ofDays(366);

  /**
   * A difference between two definitions of a job.
   *
   * @param field what differs, by the name of the component; of parameters with the key, such as {@code
   *     parameters.region}
   * @param stored the value in the stored definition
   * @param given the value in the given one
   */
  public record Difference(String field, String stored, String given) {

    /** Both values, such as {@code jitter: none → PT10S}. */
    @Override
    public String toString() {
      return field + ": " + stored + " → " + given;
    }
  }

  /** Creates a definition. */
  public Job {
    ZkPath.requireName("job", name);
    after.ifPresent(job -> ZkPath.requireName("job", job));
    ZkPath.requireName("handler", handler);
    requireShards(mode, shards, shardParameters);
    shardParameters = List.copyOf(shardParameters);
    requireLeast("version", minVersion, 0);
    pauseAfter.ifPresent(failures -> requireLeast("failures", failures, 1));
    evictAfter = inMillis("evictAfter", evictAfter);
    maxRunTime = inMillis("maxRunTime", maxRunTime);
    jitter = inMillis("jitter", jitter);
    catchUp = new CatchUp(catchUp.policy(), inMillis(catchUp.window()), catchUp.most());
    retry = new Retry(retry.attempts(), inMillis(retry.delay()), inMillis(retry.longest()));
    parameters = Map.copyOf(parameters);
  }

  /**
   * A job that is run by the handler of the same name, exclusively, when it is triggered.
   *
   * @param name {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}
   */
  public static Job named(String name) {
    return new Job(
        name,
        Optional.empty(),
        Optional.empty(),
        JobMode.EXCLUSIVE,
        1,
        List.of(),
        name,
        0,
        Overlap.FORBID,
        Optional.empty(),
        CatchUp.runLast(Duration.ofHours(1)),
        OnDeath.fail(),
        Retry.none(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }

  /** Runs at the times of a cron expression, see {@link Schedule#cron}. */
  public Job cron(String expression, ZoneId zone) {
    return on(Schedule.cron(expression, zone));
  }

  /** Runs at the slots of a schedule. */
  public Job on(Schedule newSchedule) {
    return with(copy -> copy.schedule = Optional.of(newSchedule));
  }

  /** Runs, as if triggered, each time another job has RAN. */
  public Job after(String job) {
    return with(copy -> copy.after = Optional.of(job));
  }

  /** Each slot is run by one node. */
  public Job exclusive() {
    return in(JobMode.EXCLUSIVE, 1, List.of());
  }

  /** Each slot is run by every capable node. */
  public Job broadcast() {
    return in(JobMode.BROADCAST, 1, List.of());
  }

  /** Returns a copy that runs each slot in a number of shards, 1 to 256. */
  public Job sharded(int shards) {
    return in(JobMode.SHARDED, shards, List.of());
  }

  /** Each slot is run in one shard for each of these parameters. */
  public Job sharded(List<String> parameters) {
    return in(JobMode.SHARDED, parameters.size(), parameters);
  }

  private Job in(JobMode newMode, int number, List<String> each) {
    return with(copy -> {
      copy.mode = newMode;
      copy.shards = number;
      copy.shardParameters = each;
    });
  }

  /** Runs the handler of another name. */
  public Job handledBy(String newHandler) {
    return with(copy -> copy.handler = newHandler);
  }

  /** Only nodes whose handler has at least this version run the job. */
  public Job needsVersion(int version) {
    return with(copy -> copy.minVersion = version);
  }

  /** Returns a copy with the policy for slots that are due during a run. */
  public Job overlap(Overlap policy) {
    return with(copy -> copy.overlap = policy);
  }

  /**
   * Returns a copy with the time that a run which is to be replaced may take to end before it is evicted; unlimited
   * unless set.
   */
  public Job evictAfter(Duration time) {
    return with(copy -> copy.evictAfter = Optional.of(time));
  }

  /** Returns a copy with the policy for slots that were not run in time. */
  public Job catchUp(CatchUp policy) {
    return with(copy -> copy.catchUp = policy);
  }

  /** Returns a copy with the policy for runs whose node died. */
  public Job onDeath(OnDeath policy) {
    return with(copy -> copy.onDeath = policy);
  }

  /** Returns a copy with the retry policy for code that throws. */
  public Job retry(Retry policy) {
    return with(copy -> copy.retry = policy);
  }

  /** Interrupts a run that takes longer, and records it as TIMED_OUT. */
  public Job maxRunTime(Duration length) {
    return with(copy -> copy.maxRunTime = Optional.of(length));
  }

  /** Returns a copy that pauses the job after a number of consecutive slots that did not end as RAN, 1 or more. */
  public Job pauseAfter(int failures) {
    return with(copy -> copy.pauseAfter = Optional.of(failures));
  }

  /** Runs each slot later by a length below this, the same for all slots and nodes, derived from the job's name. */
  public Job jitter(Duration below) {
    return with(copy -> copy.jitter = Optional.of(below));
  }

  /** A copy with these parameters for its runs. */
  public Job parameters(Map<String, String> newParameters) {
    return with(copy -> copy.parameters = newParameters);
  }

  /**
   * Returns the differences to another definition, field by field; empty if both say the same.
   *
   * @param given the other definition; this one is the stored one
   */
  public List<Difference> differencesTo(Job given) {
    return JobDifferences.between(this, given);
  }

  private static void requireShards(JobMode mode, int shards, List<String> parameters) {
    boolean isSharded = mode == JobMode.SHARDED;
    int most = isSharded ? MOST_SHARDS : 1;
    if (shards < 1 || shards > most) {
      throw new IllegalArgumentException("shards: " + shards + " (expected: "
          + (isSharded ? "1 to " + MOST_SHARDS : "1 for a job that is not sharded") + ")");
    }
    int expected = isSharded ? shards : 0;
    if (!parameters.isEmpty() && parameters.size() != expected) {
      throw new IllegalArgumentException(
          "shardParameters: " + parameters.size() + " (expected: " + expected + ")");
    }
  }

  private static void requireLeast(String what, int number, int least) {
    if (number < least) {
      throw new IllegalArgumentException(
          what + ": " + number + " (expected: " + least + " or more)");
    }
  }

  private static Optional<Duration> inMillis(String what, Optional<Duration> length) {
    return length.map(given -> {
      if (given.compareTo(Duration.ofMillis(1)) < 0 || given.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException(what + ": " + given + " (expected: 1 ms to 366 days)");
      }
      return inMillis(given);
    });
  }

  private static Duration inMillis(Duration length) {
    return length.truncatedTo(ChronoUnit.MILLIS);
  }

  private Job with(Consumer<Copy> change) {
    Copy copy = new Copy(this);
    change.accept(copy);
    return copy.job();
  }

  @Override
  public String toString() {
    return "job " + name;
  }

  /** The components of a job, of which a verb replaces some. */
  private static final class Copy {
    private final String name;
    private Optional<Schedule> schedule;
    private Optional<String> after;
    private JobMode mode;
    private int shards;
    private List<String> shardParameters;
    private String handler;
    private int minVersion;
    private Overlap overlap;
    private Optional<Duration> evictAfter;
    private CatchUp catchUp;
    private OnDeath onDeath;
    private Retry retry;
    private Optional<Duration> maxRunTime;
    private Optional<Integer> pauseAfter;
    private Optional<Duration> jitter;
    private Map<String, String> parameters;

    Copy(Job from) {
      name = from.name;
      schedule = from.schedule;
      after = from.after;
      mode = from.mode;
      shards = from.shards;
      shardParameters = from.shardParameters;
      handler = from.handler;
      minVersion = from.minVersion;
      overlap = from.overlap;
      evictAfter = from.evictAfter;
      catchUp = from.catchUp;
      onDeath = from.onDeath;
      retry = from.retry;
      maxRunTime = from.maxRunTime;
      pauseAfter = from.pauseAfter;
      jitter = from.jitter;
      parameters = from.parameters;
    }

    Job job() {
      return new Job(
          name,
          schedule,
          after,
          mode,
          shards,
          shardParameters,
          handler,
          minVersion,
          overlap,
          evictAfter,
          catchUp,
          onDeath,
          retry,
          maxRunTime,
          pauseAfter,
          jitter,
          parameters);
    }
  }
}
