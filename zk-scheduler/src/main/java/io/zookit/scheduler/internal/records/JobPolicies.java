package io.zookit.scheduler.internal.records;

import io.zookit.core.internal.codec.Stored;
import io.zookit.scheduler.CatchUp;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.OnDeath;
import io.zookit.scheduler.Overlap;
import io.zookit.scheduler.Retry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** JobPolicies of a job, as they are stored. Durations are in milliseconds. */
public record JobPolicies(
    @Stored("overlap") Overlap overlap,
    @Stored("catchUp") CatchUp.Policy catchUp,
    @Stored("window") long window,
    @Stored("most") int most,
    @Stored("onDeath") OnDeath.Policy onDeath,
    @Stored("claims") int claims,
    @Stored("attempts") int attempts,
    @Stored("retryDelay") long retryDelay,
    @Stored("retryLongest") long retryLongest,
    @Stored("evictAfter") @Nullable Long evictAfter,
    @Stored("maxRunTime") @Nullable Long maxRunTime,
    @Stored("pauseAfter") @Nullable Integer pauseAfter,
    @Stored("jitter") @Nullable Long jitter) {

  private static final long HOUR = 3_600_000;

  static final JobPolicies STANDARD = new JobPolicies(
      Overlap.FORBID,
      CatchUp.Policy.RUN_LAST,
      HOUR,
      1,
      OnDeath.Policy.FAIL,
      1,
      1,
      0,
      0,
      null,
      null,
      null,
      null);

  static JobPolicies of(Job job) {
    return new JobPolicies(
        job.overlap(),
        job.catchUp().policy(),
        job.catchUp().window().toMillis(),
        job.catchUp().most(),
        job.onDeath().policy(),
        job.onDeath().attempts(),
        job.retry().attempts(),
        job.retry().delay().toMillis(),
        job.retry().longest().toMillis(),
        job.evictAfter().map(Duration::toMillis).orElse(null),
        job.maxRunTime().map(Duration::toMillis).orElse(null),
        job.pauseAfter().orElse(null),
        job.jitter().map(Duration::toMillis).orElse(null));
  }

  /** Returns a job with these policies. */
  Job addTo(Job job) {
    Job with = job.overlap(overlap)
        .catchUp(new CatchUp(catchUp, Duration.ofMillis(window), most))
        .onDeath(new OnDeath(onDeath, claims))
        .retry(retry());
    with = evictAfter == null ? with : with.evictAfter(Duration.ofMillis(evictAfter));
    with = maxRunTime == null ? with : with.maxRunTime(Duration.ofMillis(maxRunTime));
    with = pauseAfter == null ? with : with.pauseAfter(pauseAfter);
    return jitter == null ? with : with.jitter(Duration.ofMillis(jitter));
  }

  public Retry retry() {
    return new Retry(attempts, Duration.ofMillis(retryDelay), Duration.ofMillis(retryLongest));
  }

  public boolean reruns(int attempt) {
    return onDeath == OnDeath.Policy.RERUN && attempt < claims;
  }

  public JobPolicies withOverlap(Overlap to) {
    Copy copy = new Copy(this);
    copy.overlap = to;
    return copy.policies();
  }

  public JobPolicies withCatchUp(CatchUp to) {
    Copy copy = new Copy(this);
    copy.catchUp = to.policy();
    copy.window = to.window().toMillis();
    copy.most = to.most();
    return copy.policies();
  }

  public JobPolicies withOnDeath(OnDeath to) {
    Copy copy = new Copy(this);
    copy.onDeath = to.policy();
    copy.claims = to.attempts();
    return copy.policies();
  }

  public JobPolicies withRetry(Retry to) {
    Copy copy = new Copy(this);
    copy.attempts = to.attempts();
    copy.retryDelay = to.delay().toMillis();
    copy.retryLongest = to.longest().toMillis();
    return copy.policies();
  }

  public JobPolicies withEvictAfter(Duration to) {
    Copy copy = new Copy(this);
    copy.evictAfter = to.toMillis();
    return copy.policies();
  }

  public JobPolicies withMaxRunTime(Duration to) {
    Copy copy = new Copy(this);
    copy.maxRunTime = to.toMillis();
    return copy.policies();
  }

  public JobPolicies withPauseAfter(int to) {
    Copy copy = new Copy(this);
    copy.pauseAfter = to;
    return copy.policies();
  }

  public JobPolicies withJitter(Duration to) {
    Copy copy = new Copy(this);
    copy.jitter = to.toMillis();
    return copy.policies();
  }

  /** JobPolicies of which some are to be others. */
  private static final class Copy {
    private Overlap overlap;
    private CatchUp.Policy catchUp;
    private long window;
    private int most;
    private OnDeath.Policy onDeath;
    private int claims;
    private int attempts;
    private long retryDelay;
    private long retryLongest;
    private @Nullable Long evictAfter;
    private @Nullable Long maxRunTime;
    private @Nullable Integer pauseAfter;
    private @Nullable Long jitter;

    Copy(JobPolicies from) {
      overlap = from.overlap;
      catchUp = from.catchUp;
      window = from.window;
      most = from.most;
      onDeath = from.onDeath;
      claims = from.claims;
      attempts = from.attempts;
      retryDelay = from.retryDelay;
      retryLongest = from.retryLongest;
      evictAfter = from.evictAfter;
      maxRunTime = from.maxRunTime;
      pauseAfter = from.pauseAfter;
      jitter = from.jitter;
    }

    JobPolicies policies() {
      return new JobPolicies(
          overlap,
          catchUp,
          window,
          most,
          onDeath,
          claims,
          attempts,
          retryDelay,
          retryLongest,
          evictAfter,
          maxRunTime,
          pauseAfter,
          jitter);
    }
  }
}
