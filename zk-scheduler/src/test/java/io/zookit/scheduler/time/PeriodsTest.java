package io.zookit.scheduler.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Fixed rate, fixed delay and one shot. */
class PeriodsTest {

  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

  @Test
  void every_period_isAlignedToItsStart() {
    FixedRate rate = Schedule.every(Duration.ofSeconds(7)).from(NOON);
    assertThat(rate.next(NOON.minusSeconds(100)).orElseThrow().instant()).isEqualTo(NOON);
    assertThat(rate.next(NOON).orElseThrow().instant()).isEqualTo(NOON.plusSeconds(7));
    assertThat(rate.next(NOON.plusMillis(6_999)).orElseThrow().instant())
        .isEqualTo(NOON.plusSeconds(7));
    assertThat(rate.count(NOON, NOON.plusSeconds(70))).isEqualTo(10);
    assertThat(rate.count(NOON.minusSeconds(1), NOON)).isEqualTo(1);
  }

  @Test
  void delay_countsFromTheEndOfTheLastRun() {
    assertThat(Schedule.delay(Duration.ofSeconds(5))
            .next(NOON.plusNanos(123))
            .orElseThrow()
            .instant())
        .isEqualTo(NOON.plusSeconds(5));
  }

  @Test
  void once_afterItsInstant_hasNoMore() {
    assertThat(Schedule.once(NOON).next(NOON.minusMillis(1))).isPresent();
    assertThat(Schedule.once(NOON).next(NOON)).isEmpty();
  }

  @Test
  void lengths_absurd_areRefused() {
    for (Duration absurd : new Duration[] {
      Duration.ZERO,
      Duration.ofMillis(99),
      Duration.ofSeconds(-1),
      Duration.ofDays(3651),
      Duration.ofSeconds(Long.MAX_VALUE),
      Duration.ofSeconds(1, 1)
    }) {
      assertThatThrownBy(() -> Schedule.every(absurd)).hasMessageContaining("expected:");
      assertThatThrownBy(() -> Schedule.delay(absurd)).hasMessageContaining("expected:");
    }
    assertThatThrownBy(() -> Schedule.once(Instant.MAX)).hasMessageContaining("expected:");
    assertThatThrownBy(() -> Schedule.every(Duration.ofDays(1)).from(Instant.MIN))
        .hasMessageContaining("expected:");
  }

  @Test
  void next_nearTheEndOfTime_doesNotOverflow() {
    assertThat(Schedule.every(Duration.ofDays(3650)).next(Instant.MAX)).isEmpty();
    assertThat(Schedule.delay(Duration.ofDays(3650)).next(Instant.MAX)).isEmpty();
    assertThat(Schedule.every(Duration.ofDays(1)).next(Instant.MIN)).isPresent();
  }
}
