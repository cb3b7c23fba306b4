package io.zookit.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.zookit.core.Meters;
import io.zookit.core.Subscription;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MicrometerMetersTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Meters meters = MicrometerMeters.to(registry);

  @Test
  void count_severalTimes_addsUp() {
    meters.count("zookit.lock.acquired", 2);
    meters.count("zookit.lock.acquired", 3);

    assertThat(registry.get("zookit.lock.acquired").counter().count()).isEqualTo(5);
  }

  @Test
  void time_twoDurations_recordsBoth() {
    meters.time("zookit.lock.waited", 1_000_000);
    meters.time("zookit.lock.waited", 3_000_000);

    assertThat(registry.get("zookit.lock.waited").timer().count()).isEqualTo(2);
    assertThat(registry.get("zookit.lock.waited").timer().totalTime(TimeUnit.MILLISECONDS))
        .isEqualTo(4);
  }

  @Test
  void gauge_severalOfOneName_addUpUntilClosed() {
    AtomicInteger held = new AtomicInteger(2);
    Subscription first = meters.gauge("zookit.lock.held", held::get);
    Subscription second = meters.gauge("zookit.lock.held", () -> 5);
    Gauge gauge = registry.get("zookit.lock.held").gauge();

    assertThat(gauge.value()).isEqualTo(7);
    held.set(3);
    assertThat(gauge.value()).isEqualTo(8);
    first.close();
    first.close();
    assertThat(gauge.value()).isEqualTo(5);
    second.close();
    assertThat(registry.find("zookit.lock.held").gauge()).isNull();
  }

  @Test
  void gauge_afterTheLastWasClosed_isShownAgain() {
    meters.gauge("zookit.lock.held", () -> 1).close();
    meters.gauge("zookit.lock.held", () -> 4);

    assertThat(registry.get("zookit.lock.held").gauge().value()).isEqualTo(4);
  }

  @Test
  void gauge_secondClientOnOneRegistry_addsUpToo() {
    Subscription first = meters.gauge("zookit.lock.held", () -> 1);
    MicrometerMeters.to(registry).gauge("zookit.lock.held", () -> 2);

    assertThat(registry.get("zookit.lock.held").gauge().value()).isEqualTo(3);
    first.close();
    assertThat(registry.get("zookit.lock.held").gauge().value()).isEqualTo(2);
  }

  @Test
  void gauge_otherRegistry_isApart() {
    SimpleMeterRegistry other = new SimpleMeterRegistry();
    meters.gauge("zookit.lock.held", () -> 1);
    MicrometerMeters.to(other).gauge("zookit.lock.held", () -> 2);

    assertThat(registry.get("zookit.lock.held").gauge().value()).isEqualTo(1);
  }
}
