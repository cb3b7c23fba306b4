package io.zookit.chaos.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.chaos.experiment.ExperimentResult;
import io.zookit.chaos.experiment.FaultTimeline;
import io.zookit.chaos.experiment.InjectedFault;
import io.zookit.chaos.experiment.ResultBuilder;
import io.zookit.chaos.experiment.RunSettings;
import io.zookit.core.Timekeeper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecoveryExperimentTest {

  private static final RunSettings SHORT =
      new RunSettings(7, Duration.ofMillis(1), Path.of("logs"), line -> {});
  private static final ProcessResources BEFORE = new ProcessResources(10, Map.of("a.Listener", 3L));

  private final RecoveryExperiment recovery = new RecoveryExperiment();
  private final FaultTimeline timeline = new FaultTimeline();

  @Test
  void grown_whatStaysAsItWas_isNothing() {
    assertThat(RecoveryExperiment.grown(Map.of("a.1", BEFORE), Map.of("a.1", BEFORE), 5))
        .isEmpty();
  }

  @Test
  void grown_threadsAndListeners_areNamedWithTheirProcess() {
    ProcessResources after = new ProcessResources(15, Map.of("a.Listener", 8L));
    assertThat(RecoveryExperiment.grown(Map.of("a.1", BEFORE), Map.of("a.1", after), 5))
        .containsExactly("a.1 has 5 more of a.Listener", "a.1 has 5 more of threads");
    assertThat(RecoveryExperiment.grown(Map.of("a.1", BEFORE), Map.of("a.1", after), 6))
        .isEmpty();
  }

  @Test
  void grown_processThatDoesNotAnswer_isNamed() {
    assertThat(RecoveryExperiment.grown(Map.of("a.1", BEFORE), Map.of(), 5))
        .containsExactly("a.1 was not counted again");
  }

  @Test
  void beyond_bound_isCountedFromTheBoundOn() {
    assertThat(RecoveryExperiment.beyond(4, 5)).isZero();
    assertThat(RecoveryExperiment.beyond(5, 5)).isEqualTo(5);
  }

  @Test
  void silent_everyLoopOfEveryMember_hasToBeHeard() {
    long before = Timekeeper.system().nanos() - 1;
    assertThat(recovery.silent(before))
        .hasSize(13)
        .contains("loops-1 lock", "loops-3 broadcast", "somebody job");
    for (String member : List.of("loops-1", "loops-2", "loops-3")) {
      for (String loop : List.of("lock 1", "registry", "config", "broadcast")) {
        recovery.onLine(member + ".1", "beat " + loop);
      }
    }
    assertThat(recovery.silent(before)).containsExactly("somebody job");
    recovery.onLine("loops-2.1", "beat job");
    assertThat(recovery.silent(before)).isEmpty();
    assertThat(recovery.silent(Timekeeper.system().nanos() + 1)).hasSize(13);
  }

  @Test
  void judge_backInTime_holds() {
    timeline.add(new InjectedFault(0, "cut", "loops-1", true, 9_999));
    assertThat(judged().result()).isEqualTo(ExperimentResult.Result.HELD);
  }

  @Test
  void judge_loopThatStaysSilent_isAViolation() {
    timeline.add(new InjectedFault(0, "cut", "loops-1", true, -1));
    assertThat(judged().violations()).containsExactly("not back within 10 s: 1");
  }

  @Test
  void judge_faultsThatDidNotLand_areVoid() {
    timeline.add(new InjectedFault(0, "cut", "loops-1", false, 1));
    assertThat(judged().reason()).isEqualTo("faults: 0 (expected: at least 1)");
  }

  @Test
  void judgeLong_bothSessions_areReported() {
    timeline.add(new InjectedFault(0, "cut", "loops-1", true, 1_200));
    ResultBuilder results = new ResultBuilder(recovery, SHORT, timeline);
    FaultTimeline longer = new FaultTimeline();
    longer.add(new InjectedFault(0, "quorum lost for 25 s", "server 1", true, 4_100));
    recovery.judgeLong(timeline, longer, 3, results);
    assertThat(results.outcome().result()).isEqualTo(ExperimentResult.Result.HELD);
    assertThat(results.outcome().counts())
        .containsEntry("session 2 s: slowest back ms", 1_200L)
        .containsEntry("session 15 s: slowest back ms", 4_100L);
    assertThat(results.outcome().incidents()).hasSize(2);
  }

  @Test
  void judgeLong_loopsBackAfterFifteenSeconds_isAViolation() {
    ResultBuilder results = new ResultBuilder(recovery, SHORT, timeline);
    FaultTimeline longer = new FaultTimeline();
    longer.add(new InjectedFault(0, "quorum lost for 25 s", "server 1", true, 15_400));
    recovery.judgeLong(timeline, longer, 3, results);
    assertThat(results.outcome().violations())
        .containsExactly("session 15 s: not back within 10 s: 1");
  }

  @Test
  void judgeLong_controlThatIsBackToo_isVoid() {
    ResultBuilder results = new ResultBuilder(recovery, SHORT, timeline);
    FaultTimeline longer = new FaultTimeline();
    longer.add(new InjectedFault(0, "quorum lost for 25 s", "server 1", true, 4_100));
    recovery.judgeLong(timeline, longer, 0, results);
    assertThat(results.outcome().reason())
        .isEqualTo("session 15 s: control: claims not back within 10 s: 0 (expected: at least 1)");
  }

  private ExperimentResult judged() {
    ResultBuilder results = new ResultBuilder(recovery, SHORT, timeline);
    recovery.judge(SHORT, timeline, results);
    return results.outcome();
  }
}
