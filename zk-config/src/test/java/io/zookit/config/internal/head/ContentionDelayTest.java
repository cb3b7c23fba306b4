package io.zookit.config.internal.head;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContentionDelayTest {

  private static final Duration ATTEMPT = Duration.ofMillis(8);

  @Test
  void after_once_isAnythingUpToTheTimeOfAnAttempt() {
    assertThat(longest(1)).isBetween(Duration.ofMillis(7), ATTEMPT);
    assertThat(shortest(1)).isBetween(Duration.ZERO, Duration.ofMillis(1));
  }

  @Test
  void after_again_theBoundDoublesAndTheShortestStaysNearZero() {
    assertThat(longest(3)).isBetween(Duration.ofMillis(28), Duration.ofMillis(32));
    assertThat(shortest(3)).isLessThan(Duration.ofMillis(1));
  }

  @Test
  void after_manyTimesOrSlowAttempts_isBounded() {
    assertThat(longest(1_000_000)).isBetween(Duration.ofMillis(240), Duration.ofMillis(256));
    assertThat(ContentionDelay.after(9, Duration.ofDays(1), new Random(1)))
        .isLessThanOrEqualTo(Duration.ofSeconds(1));
  }

  private static Duration longest(int overtaken) {
    return delays(overtaken).max().stream()
        .mapToObj(Duration::ofNanos)
        .findFirst()
        .orElseThrow();
  }

  private static Duration shortest(int overtaken) {
    return delays(overtaken).min().stream()
        .mapToObj(Duration::ofNanos)
        .findFirst()
        .orElseThrow();
  }

  private static java.util.stream.LongStream delays(int overtaken) {
    Random random = new Random(7);
    return IntStream.range(0, 1_000)
        .mapToLong(i -> ContentionDelay.after(overtaken, ATTEMPT, random).toNanos());
  }
}
