package io.zookit.chaos.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.chaos.experiment.ExperimentResult;
import io.zookit.chaos.experiment.FaultTimeline;
import io.zookit.chaos.experiment.ResultBuilder;
import io.zookit.chaos.experiment.RunSettings;
import io.zookit.testkit.Op;
import io.zookit.testkit.PacketCounts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrialLogTest {

  private static final RunSettings LONG =
      new RunSettings(7, Duration.ofMinutes(4), Path.of("logs"), line -> {});
  private static final CutPoint LOST_CREATE = boundary(Recipe.MUTEX, Op.CREATE2);

  private final BoundariesExperiment experiment = new BoundariesExperiment();
  private final List<CutPoint> all = new ArrayList<>();

  @Test
  void judge_everyBoundaryMetAndNothingLeft_holds() {
    good();
    assertThat(judged().result()).as(judged().reason()).isEqualTo(ExperimentResult.Result.HELD);
  }

  @Test
  void judge_useThatFailsAsItMay_holds() {
    good();
    experiment.add(result(LOST_CREATE, true, "may fail: lost", List.of(), "", ""));
    assertThat(judged().result()).isEqualTo(ExperimentResult.Result.HELD);
    assertThat(judged().counts()).containsEntry("unknown", 1L);
  }

  @Test
  void judge_useThatDidNotEnd_isAViolation() {
    experiment.add(result(LOST_CREATE, true, "not ended after 15000 ms", List.of(), "", ""));
    assertThat(violation()).startsWith("ended badly: mutex, cut after CREATE2 1: not ended");
  }

  @Test
  void judge_nodeThatWasLeft_isAViolation() {
    experiment.add(result(LOST_CREATE, true, "", List.of("/chaos/b1/locks/n/~q/x"), "", ""));
    assertThat(violation()).startsWith("left: mutex, cut after CREATE2 1: [/chaos/b1/locks");
  }

  @Test
  void judge_nextUserWhoFails_isAViolation() {
    experiment.add(result(LOST_CREATE, true, "", List.of(), "may fail: too late", ""));
    assertThat(violation()).startsWith("next user: mutex");
  }

  @Test
  void judge_publishThatWasAppliedTwice_isAViolation() {
    experiment.add(
        result(boundary(Recipe.PUBLISH, Op.MULTI), true, "", List.of(), "", "4 effects of 3 uses"));
    assertThat(violation()).startsWith("effects: publish, cut after MULTI 1: 4 effects");
  }

  @Test
  void judge_tooFewBoundariesMet_isVoid() {
    good();
    for (int nth = 100; nth < 200; nth++) {
      all.add(
          new CutPoint(new CutPoint.Use(Recipe.MUTEX, true), Op.EXISTS, nth, CutPoint.Cut.BEFORE));
    }
    assertThat(judged().result()).isEqualTo(ExperimentResult.Result.VOID);
    assertThat(judged().reason()).startsWith("boundaries met: ");
  }

  @Test
  void judge_controlThatLeavesNothing_isVoid() {
    for (Recipe recipe : Recipe.values()) {
      meet(recipe, List.of());
    }
    assertThat(judged().reason())
        .isEqualTo("control: uses that left a node: 0 (expected: at least 1)");
  }

  @Test
  void boundaries_countedRequests_areEachBrokenInEachWay() {
    CutPoint.Use use = new CutPoint.Use(Recipe.MUTEX, false);
    PacketCounts counts =
        new PacketCounts(Map.of(Op.CREATE2, 1L, Op.DELETE, 2L, Op.PING, 5L), 0, 0, 0);
    assertThat(BoundariesExperiment.boundaries(use, counts))
        .hasSize(9)
        .doesNotHaveDuplicates()
        .contains(new CutPoint(use, Op.DELETE, 2, CutPoint.Cut.BLACK_HOLE));
  }

  @Test
  void inTurns_short_hasSomeOfEachRecipe() {
    good();
    List<CutPoint> turns = BoundariesExperiment.inTurns(all, new Random(7));
    assertThat(turns).containsExactlyInAnyOrderElementsOf(all);
    assertThat(turns.subList(0, Recipe.values().length))
        .extracting(each -> each.use().recipe())
        .containsExactlyInAnyOrder(Recipe.values());
  }

  private static CutPoint boundary(Recipe recipe, Op op) {
    return new CutPoint(new CutPoint.Use(recipe, false), op, 1, CutPoint.Cut.AFTER);
  }

  private static TrialResult result(
      CutPoint boundary, boolean landed, String end, List<String> left, String next, String wrong) {
    return new TrialResult(boundary, landed, end, 5, left, next, wrong);
  }

  /** Enough of everything, and a control that fails. */
  private void good() {
    for (Recipe recipe : Recipe.values()) {
      meet(recipe, recipe.isControl() ? List.of("/naive/n-1") : List.of());
    }
  }

  private void meet(Recipe recipe, List<String> left) {
    for (int nth = 1; nth <= 6; nth++) {
      CutPoint boundary =
          new CutPoint(new CutPoint.Use(recipe, false), Op.MULTI, nth, CutPoint.Cut.BEFORE);
      all.add(boundary);
      experiment.add(result(boundary, true, "", left, "", ""));
    }
  }

  private String violation() {
    assertThat(judged().result()).isEqualTo(ExperimentResult.Result.VIOLATED);
    return judged().violations().get(0);
  }

  private ExperimentResult judged() {
    FaultTimeline timeline = new FaultTimeline();
    ResultBuilder results = new ResultBuilder(experiment, LONG, timeline);
    experiment.judge(LONG, all, timeline, results);
    return results.outcome();
  }
}
