package io.zookit.registry.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ServiceWatcherTest {

  @Test
  void pauseAfter_read_isAQuarterOfItAndAtMost50Millis() {
    assertThat(ServiceWatcher.pauseAfter(Duration.ZERO)).isZero();
    assertThat(ServiceWatcher.pauseAfter(Duration.ofMillis(2)))
        .isEqualTo(Duration.ofNanos(500_000));
    assertThat(ServiceWatcher.pauseAfter(Duration.ofMillis(200))).isEqualTo(Duration.ofMillis(50));
    assertThat(ServiceWatcher.pauseAfter(Duration.ofDays(1))).isEqualTo(Duration.ofMillis(50));
  }
}
