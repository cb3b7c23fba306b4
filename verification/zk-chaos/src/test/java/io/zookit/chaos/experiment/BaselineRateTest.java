package io.zookit.chaos.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.chaos.counter.CounterExperiment;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BaselineRateTest {

  private static final Duration CALM = Duration.ofSeconds(10);
  private static final RunSettings ONE_MINUTE =
      new RunSettings(7, Duration.ofMinutes(1), Path.of("logs"), line -> {});

  @Test
  void calm_ofARun_isAMinuteOrInProportion() {
    assertThat(BaselineRate.calm(Duration.ofMinutes(1))).isEqualTo(CALM);
    assertThat(BaselineRate.calm(Duration.ofMinutes(10))).isEqualTo(Duration.ofMinutes(1));
    assertThat(BaselineRate.calm(Duration.ofMillis(1))).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void speed_fastEnoughMachine_isOne() {
    assertThat(new BaselineRate(1_700, CALM).perMinute()).isEqualTo(10_200);
    assertThat(new BaselineRate(1_700, CALM).speed(10_000)).isEqualTo(1);
  }

  @Test
  void reachable_slowMachine_isLessInProportionAndNeverNothing() {
    RunSettings slow = ONE_MINUTE.at(new BaselineRate(500, CALM).speed(10_000));
    assertThat(slow.speed()).isEqualTo(0.3);
    assertThat(slow.reachable(10_000)).isEqualTo(750);
    assertThat(slow.scaled(10_000)).isEqualTo(2_500);
    assertThat(ONE_MINUTE.at(new BaselineRate(0, CALM).speed(10_000)).reachable(50))
        .isEqualTo(1);
  }

  @Test
  void outcome_fewerAcknowledgementsOnASlowMachine_isNotVoid() {
    RunSettings slow = ONE_MINUTE.at(new BaselineRate(500, CALM).speed(10_000));
    ResultBuilder results =
        new ResultBuilder(CounterExperiment.fencedCounter(), slow, new FaultTimeline());
    results.needs("acknowledged", 900, slow.reachable(10_000));
    assertThat(results.outcome().result()).isEqualTo(ExperimentResult.Result.HELD);
  }
}
