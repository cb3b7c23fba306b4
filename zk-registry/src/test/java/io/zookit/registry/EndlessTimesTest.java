package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.zookit.registry.balance.Balancer;
import io.zookit.registry.health.HealthCheck;
import io.zookit.registry.health.OutlierRule;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Lengths of time that never end. */
class EndlessTimesTest {

  private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

  @Test
  void pause_breakForEver_isTheLongest() {
    assertThat(new OutlierRule(5, FOREVER, Duration.ofMinutes(5), 0.5).pause(3))
        .isEqualTo(Duration.ofMinutes(5));
    assertThat(new OutlierRule(5, Duration.ofSeconds(30), FOREVER, 0.5).pause(2))
        .isEqualTo(Duration.ofMinutes(1));
    assertThat(new OutlierRule(5, FOREVER, FOREVER, 0.5).pause(20)).isEqualTo(FOREVER);
  }

  @Test
  void timeouts_forEver_areTaken() {
    assertThatCode(() -> HealthCheck.tcp("localhost", 1, FOREVER)).doesNotThrowAnyException();
    assertThatCode(() -> HealthCheck.http(URI.create("http://localhost:1/"), FOREVER))
        .doesNotThrowAnyException();
    assertThatCode(() -> Balancer.weightedRoundRobin().withSlowStart(FOREVER))
        .doesNotThrowAnyException();
  }
}
