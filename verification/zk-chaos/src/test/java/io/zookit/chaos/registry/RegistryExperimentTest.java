package io.zookit.chaos.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.chaos.experiment.ExperimentResult;
import io.zookit.chaos.experiment.FaultTimeline;
import io.zookit.chaos.experiment.InjectedFault;
import io.zookit.chaos.experiment.ResultBuilder;
import io.zookit.chaos.experiment.RunSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RegistryExperimentTest {

  private static final RunSettings SHORT =
      new RunSettings(7, Duration.ofMillis(1), Path.of("logs"), line -> {});

  private final RegistryExperiment registry = new RegistryExperiment();
  private final FaultTimeline timeline = new FaultTimeline();

  @Test
  void judge_viewsThatWereEqualInTime_holds() {
    good();
    assertThat(judged().result()).isEqualTo(ExperimentResult.Result.HELD);
  }

  @Test
  void judge_emptyView_isAViolation() {
    good();
    registry.onLine("observer-1.1", "wrong 0 instances, 0 ids");
    assertThat(judged().violations().get(0)).startsWith("empty, or an id twice: observer-1.1");
  }

  @Test
  void judge_viewThatIsEqualTooLate_isAViolation() {
    good();
    timeline.add(new InjectedFault(0, "cut", "observer-1", true, 5_001));
    assertThat(judged().violations()).containsExactly("not equal within 5 s: 1");
  }

  @Test
  void judge_observerThatSawNothing_isVoid() {
    registry.onLine("observer-1.1", "sees i1=1");
    timeline.add(new InjectedFault(0, "cut", "observer-1", true, 1));
    assertThat(judged().reason()).isEqualTo("views seen: 1 (expected: at least 3)");
  }

  private void good() {
    for (int i = 1; i <= 3; i++) {
      registry.onLine("observer-" + i + ".1", "sees i1=1");
    }
    timeline.add(new InjectedFault(0, "cut", "observer-1", true, 5_000));
  }

  private ExperimentResult judged() {
    ResultBuilder results = new ResultBuilder(registry, SHORT, timeline);
    registry.judge(SHORT, timeline, results);
    return results.outcome();
  }
}
