package io.zookit.scheduler.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.scheduler.Job;
import io.zookit.scheduler.SlotOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests manual triggers of a job that no slot wakes. In virtual time. */
class TriggersTest {

  private static final Duration SOON = Duration.ofSeconds(5);

  private final SimWorld world = new SimWorld(7);

  @BeforeEach
  void startWithoutSlots() {
    world.failing = 0;
    world.define(Job.named("a"));
    world.node(Map.of("a", 1));
    world.time.run(Duration.ofSeconds(7));
  }

  @Test
  void severalTriggers_duringARun_followEachOther() {
    world.trigger("a", "t0");
    while (world.nodes.get(0).running.isEmpty()) {
      world.time.run(Duration.ofMillis(1));
    }
    world.trigger("a", "t1");
    world.trigger("a", "t2");
    world.time.run(SOON);
    assertThat(ran()).containsExactly("t0", "t1", "t2");
  }

  @Test
  void triggerThatWasRun_isThereAgain_isTakenAwayAndHoldsUpNobody() {
    world.trigger("a", "t1");
    world.time.run(SOON);
    world.trigger("a", "t1");
    world.time.run(SOON);
    world.trigger("a", "t2");
    world.time.run(SOON);
    assertThat(ran()).containsExactly("t1", "t2");
    assertThat(world.children(world.paths.manual("a"))).isEmpty();
  }

  private List<String> ran() {
    return world.state("a").recent().stream()
        .filter(end -> end.outcome() == SlotOutcome.RAN)
        .map(end -> Objects.requireNonNull(end.manual()))
        .toList();
  }
}
