package io.zookit.chaos.fifo;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.chaos.experiment.ExperimentResult;
import io.zookit.chaos.experiment.FaultTimeline;
import io.zookit.chaos.experiment.InjectedFault;
import io.zookit.chaos.experiment.ResultBuilder;
import io.zookit.chaos.experiment.RunSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FifoExperimentTest {

  private static final RunSettings SHORT =
      new RunSettings(7, Duration.ofMillis(1), Path.of("logs"), line -> {});

  private final FifoExperiment fifo = new FifoExperiment();
  private final FaultTimeline timeline = new FaultTimeline();

  @Test
  void judge_grantsInOrderAndAControlThatInverts_holds() {
    grants();
    fifo.onLine("client-1.1", "control-inverted client-1-1 1:5:0");
    assertThat(judged().result()).isEqualTo(ExperimentResult.Result.HELD);
  }

  @Test
  void judge_oneInversion_isAViolationWithWhatWentBefore() {
    grants();
    fifo.onLine("client-1.1", "control-inverted client-1-1 1:5:0");
    fifo.onLine("client-2.1", "inverted client-2-1 1:4:0");
    ExperimentResult outcome = judged();
    assertThat(outcome.result()).isEqualTo(ExperimentResult.Result.VIOLATED);
    assertThat(outcome.violations().get(0))
        .contains("client-2.1 had the earlier place", "granted client-4-5", "inverted client-2-1");
  }

  @Test
  void judge_controlThatNeverInverts_isVoid() {
    grants();
    assertThat(judged().result()).isEqualTo(ExperimentResult.Result.VOID);
  }

  @Test
  void judge_waiterThatWasNeverGranted_isVoid() {
    fifo.onLine("client-1.1", "control-inverted client-1-1 1:5:0");
    fifo.onLine("client-1.1", "granted client-1-1 1:9:0");
    assertThat(judged().reason()).contains("waiters: 1 (expected: at least 20)");
  }

  @Test
  void judge_slowRecovery_isAViolation() {
    grants();
    fifo.onLine("client-1.1", "control-inverted client-1-1 1:5:0");
    timeline.add(new InjectedFault(0, "cut", "client-1", true, 10_001));
    assertThat(judged().violations()).containsExactly("not back within 10 s: 1");
  }

  private void grants() {
    for (int client = 1; client <= 4; client++) {
      for (int waiter = 1; waiter <= FifoWaiter.WAITERS; waiter++) {
        fifo.onLine(
            "client-" + client + ".1", "granted client-" + client + "-" + waiter + " 1:9:0");
      }
    }
    timeline.add(new InjectedFault(0, "cut", "client-1", true, 1));
  }

  private ExperimentResult judged() {
    ResultBuilder results = new ResultBuilder(fifo, SHORT, timeline);
    fifo.judge(SHORT, timeline, results);
    return results.outcome();
  }
}
