package io.zookit.core.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TimeoutsTest {

  private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
  private static final Instant NOW = Instant.parse("2026-11-30T04:00:00.123456789Z");

  @Test
  void nanos_forEver_canBeAddedToAClock() {
    assertThat(Timeouts.nanos(FOREVER)).isEqualTo(Long.MAX_VALUE / 2);
    assertThat(Timeouts.nanos(Duration.ofMillis(3))).isEqualTo(3_000_000);
    assertThatThrownBy(() -> Timeouts.nanos(Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @EnumSource(TimeUnit.class)
  void of_everyUnit_neverOverflows(TimeUnit unit) {
    assertThat(Timeouts.of(Long.MAX_VALUE, unit)).isGreaterThan(Duration.ofDays(365L * 100));
    assertThat(Timeouts.of(Long.MIN_VALUE, unit)).isNegative();
    assertThat(Timeouts.of(7, unit)).isEqualTo(Duration.of(7, unit.toChronoUnit()));
  }

  @Test
  void millis_forEver_canBeAddedToAClock() {
    assertThat(NOW.toEpochMilli() + Timeouts.millis(FOREVER)).isPositive();
    assertThat(Timeouts.millis(Duration.ofSeconds(2))).isEqualTo(2000);
  }

  @Test
  void afterAndBefore_forEver_areFarAwayAndStillMilliseconds() {
    assertThat(Timeouts.after(NOW, FOREVER).toEpochMilli()).isPositive();
    assertThat(Timeouts.after(Timeouts.after(NOW, FOREVER), FOREVER).toEpochMilli())
        .isPositive();
    assertThat(Timeouts.before(NOW, FOREVER).toEpochMilli()).isNegative();
    assertThat(Timeouts.after(NOW, Duration.ofSeconds(1))).isEqualTo(NOW.plusSeconds(1));
    assertThat(Timeouts.before(NOW, Duration.ofNanos(789)))
        .isEqualTo(Instant.parse("2026-11-30T04:00:00.123456Z"));
  }

  @Test
  void sum_forEver_isForEver() {
    assertThat(Timeouts.sum(FOREVER, FOREVER)).isGreaterThan(Duration.ofDays(365L * 100));
    assertThat(Timeouts.sum(Duration.ofSeconds(1), Duration.ofSeconds(2))).hasSeconds(3);
  }
}
