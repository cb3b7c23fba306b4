package io.zookit.chaos.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.chaos.experiment.ExperimentResult;
import io.zookit.chaos.experiment.FaultTimeline;
import io.zookit.chaos.experiment.InjectedFault;
import io.zookit.chaos.experiment.ResultBuilder;
import io.zookit.chaos.experiment.RunSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConfigExperimentTest {

  private static final RunSettings SHORT =
      new RunSettings(7, Duration.ofMillis(1), Path.of("logs"), line -> {});

  private final ConfigExperiment config = new ConfigExperiment();
  private final PublishRace race = new PublishRace();
  private final FaultTimeline timeline = new FaultTimeline();

  @Test
  void judge_whatWasPublishedWasRead_holds() {
    good();
    assertThat(judged().result()).isEqualTo(ExperimentResult.Result.HELD);
  }

  @Test
  void judge_tornSnapshot_isAViolation() {
    good();
    config.onLine("reader-1.1", "torn 2 2 a,b");
    assertThat(judged().violations().get(0)).startsWith("torn: reader-1.1");
  }

  @Test
  void judge_readerThatGoesBack_isAViolation() {
    good();
    config.onLine("reader-1.1", "saw 2 2 b");
    config.onLine("reader-1.2", "saw 1 1 a");
    assertThat(judged().violations().get(0)).startsWith("back: reader-1.2");
  }

  @Test
  void judge_slowRecovery_isAViolation() {
    good();
    timeline.add(new InjectedFault(0, "cut", "reader-1", true, -1));
    assertThat(judged().violations()).containsExactly("not back within 10 s: 1");
  }

  @Test
  void judge_controlThatIsNeverTorn_isVoid() {
    config.onLine("publisher-1.1", "acked a 1");
    timeline.add(new InjectedFault(0, "cut", "reader-1", true, 1));
    assertThat(judged().reason()).isEqualTo("control torn: 0 (expected: at least 1)");
  }

  @Test
  void judge_nothingAcknowledged_isVoid() {
    config.onLine("reader-1.1", "control-torn a,b");
    timeline.add(new InjectedFault(0, "cut", "reader-1", true, 1));
    assertThat(judged().reason()).isEqualTo("acknowledged: 0 (expected: at least 1)");
  }

  @Test
  void race_controlThatLosesNothing_isVoid() {
    for (int i = 1; i <= 8; i++) {
      race.onLine("racer-1.1", "acked a" + i + " " + i);
    }
    assertThat(raced().result()).isEqualTo(ExperimentResult.Result.VOID);
    assertThat(raced().reason()).contains("race: control lost: 0 (expected: at least 1)");
    assertThat(raced().counts()).containsEntry("race: acknowledged", 8L);
  }

  @Test
  void race_tornHistory_isAViolation() {
    race.onLine("reader-1.1", "saw 1 1 a");
    race.onLine("reader-2.1", "saw 1 1 b");
    assertThat(raced().result()).isEqualTo(ExperimentResult.Result.VIOLATED);
  }

  private void good() {
    config.onLine("publisher-1.1", "acked a 1");
    config.onLine("reader-1.1", "saw 1 1 a");
    config.onLine("reader-1.1", "control-torn a,b");
    timeline.add(new InjectedFault(0, "cut", "reader-1", true, 1));
  }

  private ExperimentResult judged() {
    ResultBuilder results = new ResultBuilder(config, SHORT, timeline);
    config.judge(SHORT, timeline, results);
    return results.outcome();
  }

  private ExperimentResult raced() {
    ResultBuilder results = new ResultBuilder(config, SHORT, timeline);
    race.judge(SHORT, results);
    return results.outcome();
  }
}
