package io.zookit.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {

  private static final Duration CALM = Duration.ofSeconds(10);
  private static final Setting ONE_MINUTE =
      new Setting(7, Duration.ofMinutes(1), Path.of("logs"), line -> {});

  @Test
  void calm_ofARun_isAMinuteOrInProportion() {
    assertThat(Pace.calm(Duration.ofMinutes(1))).isEqualTo(CALM);
    assertThat(Pace.calm(Duration.ofMinutes(10))).isEqualTo(Duration.ofMinutes(1));
    assertThat(Pace.calm(Duration.ofMillis(1))).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void speed_fastEnoughMachine_isOne() {
    assertThat(new Pace(1_700, CALM).perMinute()).isEqualTo(10_200);
    assertThat(new Pace(1_700, CALM).speed(10_000)).isEqualTo(1);
  }

  @Test
  void reachable_slowMachine_isLessInProportionAndNeverNothing() {
    Setting slow = ONE_MINUTE.at(new Pace(500, CALM).speed(10_000));
    assertThat(slow.speed()).isEqualTo(0.3);
    assertThat(slow.reachable(10_000)).isEqualTo(750);
    assertThat(slow.scaled(10_000)).isEqualTo(2_500);
    assertThat(ONE_MINUTE.at(new Pace(0, CALM).speed(10_000)).reachable(50)).isEqualTo(1);
  }

  @Test
  void outcome_fewerAcknowledgementsOnASlowMachine_isNotVoid() {
    Setting slow = ONE_MINUTE.at(new Pace(500, CALM).speed(10_000));
    Verdicts verdicts = new Verdicts(CounterExperiment.fencedCounter(), slow, new Timeline());
    verdicts.needs("acknowledged", 900, slow.reachable(10_000));
    assertThat(verdicts.outcome().result()).isEqualTo(Outcome.Result.HELD);
  }
}
