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
}
