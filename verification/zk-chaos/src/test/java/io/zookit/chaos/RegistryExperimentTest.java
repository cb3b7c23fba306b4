package io.zookit.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RegistryExperimentTest {

  private static final Setting SHORT =
      new Setting(7, Duration.ofMillis(1), Path.of("logs"), line -> {});

  private final RegistryExperiment registry = new RegistryExperiment();
  private final Timeline timeline = new Timeline();

  @Test
  void judge_viewsThatWereEqualInTime_holds() {
    good();
    assertThat(judged().result()).isEqualTo(Outcome.Result.HELD);
  }

  @Test
  void judge_emptyView_isAViolation() {
    good();
    registry.heard("observer-1.1", "wrong 0 instances, 0 ids");
    assertThat(judged().violations().get(0)).startsWith("empty, or an id twice: observer-1.1");
  }

  @Test
  void judge_viewThatIsEqualTooLate_isAViolation() {
    good();
    timeline.add(new Incident(0, "cut", "observer-1", true, 5_001));
    assertThat(judged().violations()).containsExactly("not equal within 5 s: 1");
  }

  @Test
  void judge_observerThatSawNothing_isVoid() {
    registry.heard("observer-1.1", "sees i1=1");
    timeline.add(new Incident(0, "cut", "observer-1", true, 1));
    assertThat(judged().reason()).isEqualTo("views seen: 1 (expected: at least 3)");
  }

  private void good() {
    for (int i = 1; i <= 3; i++) {
      registry.heard("observer-" + i + ".1", "sees i1=1");
    }
    timeline.add(new Incident(0, "cut", "observer-1", true, 5_000));
  }

  private Outcome judged() {
    Verdicts verdicts = new Verdicts(registry, SHORT, timeline);
    registry.judge(SHORT, timeline, verdicts);
    return verdicts.outcome();
  }
}
