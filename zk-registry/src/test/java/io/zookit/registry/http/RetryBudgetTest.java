package io.zookit.registry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.testkit.ManualTimekeeper;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** Limits of a retry budget over time. */
class RetryBudgetTest {

  private final ManualTimekeeper time = new ManualTimekeeper();

  @Test
  void tryRetry_withoutRequests_admitsTheMinimumOfTheWindow() {
    RetryBudget budget = RetryBudget.of(0.2, 2).withTimekeeper(time);
    assertThat(retries(budget, 100)).isEqualTo(20);
    time.advance(Duration.ofSeconds(9));
    assertThat(retries(budget, 100)).isZero();
    time.advance(Duration.ofSeconds(1));
    assertThat(retries(budget, 100)).isEqualTo(20);
  }

  @Test
  void tryRetry_afterRequests_admitsTheShareUntilTheyAreOld() {
    RetryBudget budget = RetryBudget.of(0.5, 0).withTimekeeper(time);
    assertThat(budget.tryRetry()).isFalse();
    for (int i = 0; i < 10; i++) {
      budget.onRequest();
    }
    assertThat(retries(budget, 3)).isEqualTo(3);
    time.advance(Duration.ofSeconds(9));
    assertThat(retries(budget, 100)).isEqualTo(2);
    time.advance(Duration.ofSeconds(1));
    assertThat(budget.tryRetry()).isFalse();
    time.advance(Duration.ofDays(1));
    assertThat(budget.tryRetry()).isFalse();
  }

  @Test
  void tryRetry_atRandomTimes_neverExceedsTheBudgetOfTheLastSeconds() {
    long seed = Long.getLong("zookit.seed", ThreadLocalRandom.current().nextLong());
    System.out.println("seed=" + seed);
    Random random = new Random(seed);
    RetryBudget budget = RetryBudget.of(0.3, 1).withTimekeeper(time);
    Deque<Long> requests = new ArrayDeque<>();
    Deque<Long> retries = new ArrayDeque<>();
    for (int i = 0; i < 20_000; i++) {
      time.advance(Duration.ofMillis(random.nextInt(40)));
      long second = time.nanos() / 1_000_000_000L;
      requests.removeIf(at -> second - at >= 10);
      retries.removeIf(at -> second - at >= 10);
      if (random.nextInt(4) == 0) {
        budget.onRequest();
        requests.add(second);
      } else {
        boolean isLeft = retries.size() + 1 <= 0.3 * requests.size() + 10;
        assertThat(budget.tryRetry()).isEqualTo(isLeft);
        if (isLeft) {
          retries.add(second);
        }
      }
    }
  }

  @Test
  void of_numbersBelowZero_areRefused() {
    assertThatThrownBy(() -> RetryBudget.of(-0.1, 0))
        .hasMessage("share: -0.1 (expected: 0 or more)");
    assertThatThrownBy(() -> RetryBudget.of(Double.NaN, 0)).hasMessageStartingWith("share: NaN");
    assertThatThrownBy(() -> RetryBudget.of(0.1, -1))
        .hasMessage("minimumPerSecond: -1 (expected: 0 or more)");
  }

  private static int retries(RetryBudget budget, int tries) {
    int admitted = 0;
    for (int i = 0; i < tries; i++) {
      admitted += budget.tryRetry() ? 1 : 0;
    }
    return admitted;
  }
}
