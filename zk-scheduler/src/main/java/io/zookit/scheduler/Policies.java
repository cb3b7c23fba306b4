package io.zookit.scheduler;

import io.zookit.core.internal.codec.Stored;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Policies of a job, as they are stored. Durations are in milliseconds. */
record Policies(
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
    Copy copy = new Copy(this);
    copy.overlap = to;
    return copy.policies();
  }

  Policies withCatchUp(CatchUp to) {
    Copy copy = new Copy(this);
    copy.catchUp = to.policy();
    copy.window = to.window().toMillis();
    copy.most = to.most();
    return copy.policies();
  }

  Policies withOnDeath(OnDeath to) {
    Copy copy = new Copy(this);
    copy.onDeath = to.policy();
    copy.claims = to.attempts();
    return copy.policies();
  }

  Policies withRetry(Retry to) {
    Copy copy = new Copy(this);
    copy.attempts = to.attempts();
    copy.retryDelay = to.delay().toMillis();
    copy.retryLongest = to.longest().toMillis();
    return copy.policies();
  }

  Policies withEvictAfter(Duration to) {
    Copy copy = new Copy(this);
    copy.evictAfter = to.toMillis();
    return copy.policies();
  }

  Policies withMaxRunTime(Duration to) {
    Copy copy = new Copy(this);
    copy.maxRunTime = to.toMillis();
    return copy.policies();
  }

  Policies withPauseAfter(int to) {
    Copy copy = new Copy(this);
    copy.pauseAfter = to;
    return copy.policies();
  }

  Policies withJitter(Duration to) {
    Copy copy = new Copy(this);
    copy.jitter = to.toMillis();
    return copy.policies();
  }

  /** Policies of which some are to be others. */
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

    Copy(Policies from) {
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

    Policies policies() {
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
          jitter);
    }
  }
}
