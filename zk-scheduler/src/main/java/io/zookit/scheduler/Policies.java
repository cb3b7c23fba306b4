package io.zookit.scheduler;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a job behaves, as it is stored. Lengths are in milliseconds. */
record Policies(
    Overlap overlap,
    CatchUp.Policy catchUp,
    long window,
    int most,
    OnDeath.Policy onDeath,
    int claims,
    int attempts,
    long retryDelay,
    long retryLongest,
    @Nullable Long evictAfter,
    @Nullable Long maxRunTime,
    @Nullable Integer pauseAfter,
    @Nullable Long jitter) {

  private static final long HOUR = 3_600_000;

  static final Policies STANDARD = new Policies(
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

  Retry retry() {
    return new Retry(attempts, Duration.ofMillis(retryDelay), Duration.ofMillis(retryLongest));
  }

  boolean reruns(int attempt) {
    return onDeath == OnDeath.Policy.RERUN && attempt < claims;
  }

  Policies withOverlap(Overlap to) {
    return new Policies(
        to,
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

  Policies withCatchUp(CatchUp to) {
    return new Policies(
        overlap,
        to.policy(),
        to.window().toMillis(),
        to.most(),
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

  Policies withOnDeath(OnDeath to) {
    return new Policies(
        overlap,
        catchUp,
        window,
        most,
        to.policy(),
        to.attempts(),
        attempts,
        retryDelay,
        retryLongest,
        evictAfter,
        maxRunTime,
        pauseAfter,
        jitter);
  }

  Policies withRetry(Retry to) {
    return new Policies(
        overlap,
        catchUp,
        window,
        most,
        onDeath,
        claims,
        to.attempts(),
        to.delay().toMillis(),
        to.longest().toMillis(),
        evictAfter,
        maxRunTime,
        pauseAfter,
        jitter);
  }

  Policies withEvictAfter(Duration to) {
    return new Policies(
        overlap,
        catchUp,
        window,
        most,
        onDeath,
        claims,
        attempts,
        retryDelay,
        retryLongest,
        to.toMillis(),
        maxRunTime,
        pauseAfter,
        jitter);
  }

  Policies withMaxRunTime(Duration to) {
    return new Policies(
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
        to.toMillis(),
        pauseAfter,
        jitter);
  }

  Policies withPauseAfter(int to) {
    return new Policies(
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
        to,
        jitter);
  }

  Policies withJitter(Duration to) {
    return new Policies(
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
        to.toMillis());
  }
}
