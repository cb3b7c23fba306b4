package io.zookit.core.internal.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LIMIT = Duration.ofSeconds(1);

  private final Backoff backoff = new Backoff(FIRST, LIMIT);

  @Test
  void delay_moreFailures_doublesUpToTheLimit() {
    long[] expected = {100, 200, 400, 800, 1000, 1000};
    Random random = new Random(7);
    for (int failures = 0; failures < expected.length; failures++) {
      for (int i = 0; i < 1000; i++) {
        assertThat(backoff.delay(failures, random))
            .isBetween(
                Duration.ofMillis(expected[failures] * 3 / 4),
                Duration.ofMillis(expected[failures] * 5 / 4));
      }
    }
    assertThat(backoff.delay(Integer.MAX_VALUE)).isLessThanOrEqualTo(LIMIT.multipliedBy(2));
  }

  @Test
  void delay_sameFailures_isSpread() {
    Set<Duration> delays = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      delays.add(backoff.delay(3));
    }
    assertThat(delays).hasSizeGreaterThan(90);
  }

  @Test
  void delay_longestLimit_doesNotOverflow() {
    Backoff longest = new Backoff(Duration.ofNanos(1), Duration.ofDays(36500));
    assertThat(longest.delay(1000)).isBetween(Duration.ofDays(27000), Duration.ofDays(46000));
  }

  @Test
  void new_limitsThatMakeNoSense_areRefused() {
    assertThatThrownBy(() -> new Backoff(Duration.ZERO, LIMIT)).hasMessageContaining("first: PT0S");
    assertThatThrownBy(() -> new Backoff(LIMIT, FIRST)).hasMessageContaining("limit: PT0.1S");
  }
}
