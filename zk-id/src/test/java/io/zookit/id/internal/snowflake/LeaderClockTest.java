package io.zookit.id.internal.snowflake;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.id.IdLayout;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LeaderClockTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final long HOUR = Duration.ofHours(1).toMillis();

  /** A wall clock and a monotonic clock that are set apart. */
  private static final class TwoClocks implements Timekeeper {
    long wallMillis;
    long nanos;

    void pass(long millis) {
      wallMillis += millis;
      nanos += millis * 1_000_000;
    }

    @Override
    public Instant now() {
      return START.plusMillis(wallMillis);
    }

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public Subscription after(Duration delay, Runnable task) {
      throw new UnsupportedOperationException();
    }
  }

  private final TwoClocks clocks = new TwoClocks();
  private final LeaderClock clock = new LeaderClock(clocks, IdLayout.of(41, 10, 12));

  private void written(long leaderMillis) {
    clock.onWritten(START.toEpochMilli() + leaderMillis);
  }

  @Test
  void ticks_beforeTheFirstWrite_isZero() {
    clocks.pass(HOUR);
    assertThat(clock.ticks()).isZero();
  }

  @Test
  void ticks_bothClocksRight_follow() {
    clocks.pass(HOUR);
    written(HOUR);
    clocks.pass(500);
    assertThat(clock.ticks()).isEqualTo(HOUR + 500);
  }

  @Test
  void ticks_onlyOneClockForward_doesNotFollowIt() {
    clocks.pass(HOUR);
    written(HOUR);
    clocks.wallMillis += 50L * 365 * 24 * HOUR;
    assertThat(clock.ticks()).isEqualTo(HOUR);
    clocks.wallMillis = HOUR;
    written(50L * 365 * 24 * HOUR);
    assertThat(clock.ticks()).isEqualTo(HOUR);
  }

  @Test
  void ticks_clocksGoBack_neverDoes() {
    clocks.pass(HOUR);
    written(HOUR);
    assertThat(clock.ticks()).isEqualTo(HOUR);
    clocks.wallMillis = -HOUR;
    assertThat(clock.ticks()).isEqualTo(HOUR);
    written(0);
    clocks.wallMillis = 2 * HOUR;
    assertThat(clock.ticks()).isEqualTo(HOUR);
  }

  @Test
  void ticks_monotonicClockStandsStill_staysAtTheWrite() {
    clocks.pass(HOUR);
    written(HOUR);
    clocks.wallMillis += HOUR;
    assertThat(clock.ticks()).isEqualTo(HOUR);
  }
}
