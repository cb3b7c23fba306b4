package io.zookit.chaos.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Trials of one boundary each: the control has to leave a node behind, and no other recipe may. */
@Timeout(300)
@Tag("full")
class TrialIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final LeftoverNodes tree = LeftoverNodes.in(zooKeeper.connectString());

  @AfterEach
  void end() {
    threads.shutdownNow();
    tree.close();
  }

  @Test
  void run_naiveQueueWhoseCreateWasNotAnswered_leavesANode() throws Exception {
    TrialResult result = run(Recipe.NAIVE, false, Op.CREATE, CutPoint.Cut.AFTER);
    assertThat(result.landed()).isTrue();
    assertThat(result.left()).hasSize(1).allSatisfy(left -> assertThat(left).contains("/naive/n-"));
  }

  @Test
  void run_lockWhoseCreateWasNotAnswered_leavesNothing() throws Exception {
    assertWell(run(Recipe.MUTEX, false, Op.MULTI, CutPoint.Cut.AFTER));
  }

  @Test
  void run_firstPublishThatWasNotAnswered_isThereOnce() throws Exception {
    assertWell(run(Recipe.PUBLISH, true, Op.MULTI, CutPoint.Cut.AFTER));
  }

  @Test
  void run_claimThatWasNotAnswered_isEndedOnce() throws Exception {
    assertWell(run(Recipe.CLAIM, false, Op.MULTI, CutPoint.Cut.AFTER));
  }

  @Test
  void count_useOfALock_isWhatItCosts() throws Exception {
    CutPoint.Use use = new CutPoint.Use(Recipe.MUTEX, false);
    // One is refused, because the lock exists and the client does not know it yet.
    assertThat(trial(use).count().requests(Op.MULTI)).isEqualTo(2);
  }

  private static void assertWell(TrialResult result) {
    assertThat(result.landed()).as("%s", result).isTrue();
    assertThat(result.endedWell()).as("%s", result).isTrue();
    assertThat(result.left()).as("%s", result).isEmpty();
    assertThat(result.next()).as("%s", result).isEmpty();
    assertThat(result.effects()).as("%s", result).isEmpty();
  }

  private TrialResult run(Recipe recipe, boolean first, Op op, CutPoint.Cut cut) throws Exception {
    CutPoint.Use use = new CutPoint.Use(recipe, first);
    return trial(use).run(new CutPoint(use, op, 1, cut));
  }

  private Trial trial(CutPoint.Use use) {
    String server = zooKeeper.connectString();
    return new Trial(use, server, server, zooKeeper.freshRoot(), tree, threads);
  }
}
