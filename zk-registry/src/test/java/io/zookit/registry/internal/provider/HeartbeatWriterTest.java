package io.zookit.registry.internal.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class HeartbeatWriterTest {

  private static final Duration SESSION = Duration.ofSeconds(15);

  @Test
  void period_manyBeats_isStretchedAndThenOff() {
    Duration wanted = Duration.ofSeconds(5);
    assertThat(HeartbeatWriter.period(wanted, 1, SESSION)).contains(wanted);
    assertThat(HeartbeatWriter.period(wanted, 1_000, SESSION)).contains(wanted);
    assertThat(HeartbeatWriter.period(wanted, 1_400, SESSION)).contains(Duration.ofSeconds(7));
    assertThat(HeartbeatWriter.period(wanted, 1_600, SESSION)).isEmpty();
  }

  @Test
  void period_unlimited_sendsNone() {
    Duration unlimited = Duration.ofSeconds(Long.MAX_VALUE);
    assertThat(HeartbeatWriter.period(unlimited, 1, SESSION)).isEmpty();
  }
}
