package io.zookit.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.chaos.counter.CounterExperiment;
import io.zookit.chaos.experiment.ExperimentResult;
import io.zookit.chaos.experiment.FaultTimeline;
import io.zookit.chaos.experiment.InjectedFault;
import io.zookit.chaos.experiment.ResultBuilder;
import io.zookit.chaos.experiment.RunSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultBuilderTest {

  private static final RunSettings ONE_MINUTE =
      new RunSettings(7, Duration.ofMinutes(1), Path.of("logs"), line -> {});

  private final FaultTimeline timeline = new FaultTimeline();
  private final ResultBuilder results =
      new ResultBuilder(CounterExperiment.fencedCounter(), ONE_MINUTE, timeline);

  @Test
  void outcome_enoughOfEverything_holds() {
    results.needs("control lost", 1, 1).forbids("violations", 0);
    assertThat(results.outcome().result()).isEqualTo(ExperimentResult.Result.HELD);
    assertThat(results.outcome().reason()).isEmpty();
  }

  @Test
  void outcome_controlThatDidNotFail_isVoid() {
    results.needs("control lost", 0, 1).forbids("violations", 0);
    assertThat(results.outcome().result()).isEqualTo(ExperimentResult.Result.VOID);
    assertThat(results.outcome().reason()).isEqualTo("control lost: 0 (expected: at least 1)");
  }

  @Test
  void outcome_violationInAVoidRun_isAViolation() {
    results.needs("control lost", 0, 1).forbids("violations", 2);
    assertThat(results.outcome().result()).isEqualTo(ExperimentResult.Result.VIOLATED);
    assertThat(results.outcome().violations()).containsExactly("violations: 2");
  }

  @Test
  void outcome_recovery_countsWhatLandedAndCameBack() {
    for (int i = 1; i <= 100; i++) {
      timeline.add(new InjectedFault(i, "cut", "client", true, i));
    }
    timeline.add(new InjectedFault(101, "cut", "client", false, 5_000));
    timeline.add(new InjectedFault(102, "kill", "client", true, -1));
    ExperimentResult outcome = results.outcome();
    assertThat(outcome.recovery()).containsEntry("p50", 50L).containsEntry("p99", 99L);
    assertThat(outcome.recovery()).containsEntry("max", 100L);
    assertThat(outcome.faults()).containsEntry("cut", 100L).containsEntry("kill", 1L);
    assertThat(outcome.landed()).isEqualTo(101);
  }

  @Test
  void scaled_shorterRuns_needLess() {
    assertThat(ONE_MINUTE.scaled(10_000)).isEqualTo(2_500);
    assertThat(ONE_MINUTE.scaled(1)).isEqualTo(1);
  }

  @Test
  void markdown_oneOutcome_showsResultReasonAndTimeLine() {
    timeline.add(new InjectedFault(1_500, "kill -9", "client-2", true, 42));
    results.count("invoked", 3_000).needs("control lost", 0, 1);
    String text = ChaosReport.markdown(List.of(results.outcome()));
    assertThat(text)
        .contains("| fenced-counter | 7 | 1.0 | void | 1 | 42 / 42 / 42 |")
        .contains("**VOID**: control lost: 0 (expected: at least 1)")
        .contains("at most one violation in 1000 operations")
        .contains("1.5 s  kill -9");
  }
}
