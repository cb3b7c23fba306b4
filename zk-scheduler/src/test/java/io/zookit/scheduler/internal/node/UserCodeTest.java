package io.zookit.scheduler.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.scheduler.Job;
import io.zookit.scheduler.RunRecord;
import io.zookit.scheduler.SchedulerObserver;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.time.Schedule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Observers and history sinks that throw. */
class UserCodeTest {

  private static final Map<String, Integer> A = Map.of("a", 1);

  private final SimWorld world = new SimWorld(5);
  private final List<RunRecord> ended = new ArrayList<>();
  private final List<RunRecord> orphaned = new ArrayList<>();

  private void observeEnds() {
    world.observer = new SchedulerObserver() {
      @Override
      public void onEnded(RunRecord run) {
        ended.add(run);
      }

      @Override
      public void onOrphaned(RunRecord run) {
        orphaned.add(run);
      }
    };
  }

  private void start(int nodes) {
    world.failing = 0;
    world.define(Job.named("a").on(Schedule.every(Duration.ofSeconds(2))));
    for (int i = 0; i < nodes; i++) {
      world.node(A);
    }
  }

  private static void fail(Object heard) {
    throw new IllegalStateException("expected by the test: " + heard);
  }

  @Test
  void history_throws_theObserverHearsOfEachEndAllTheSame() {
    world.sink = UserCodeTest::fail;
    observeEnds();
    start(1);
    world.time.run(Duration.ofSeconds(20));
    assertThat(ended).hasSizeGreaterThan(5);
  }

  @Test
  void history_throws_theObserverHearsOfOrphansAllTheSame() {
    world.sink = UserCodeTest::fail;
    observeEnds();
    world.shortestRun = world.longestRun = 1_500;
    start(2);
    new SimOwners(world).await(Duration.ofSeconds(40)).kill();
    world.time.run(Duration.ofSeconds(30));
    assertThat(orphaned)
        .singleElement()
        .satisfies(run -> assertThat(run.outcome()).isEqualTo(SlotOutcome.ORPHANED));
  }

  @Test
  void observer_throws_theHistoryKeepsEachEndAllTheSame() {
    world.observer = new SchedulerObserver() {
      @Override
      public void onEnded(RunRecord run) {
        fail(run);
      }
    };
    start(1);
    world.time.run(Duration.ofSeconds(20));
    assertThat(world.history).hasSizeGreaterThan(5);
  }

  /** An observer that throws, or takes its time, is not to stop the node's loop. */
  @Test
  void onClockDoubted_throws_theNodeGoesOnAndCountsIt() {
    world.observer = new SchedulerObserver() {
      @Override
      public void onClockDoubted() {
        fail("doubt");
      }
    };
    start(3);
    world.time.run(Duration.ofSeconds(10));
    world.leaderOffset(90_000_000);
    world.time.run(Duration.ofSeconds(20));
    assertThat(world.counted("zookit.scheduler.clock-doubted")).isPositive();
  }
}
