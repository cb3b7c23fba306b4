package io.zookit.scheduler.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.testkit.ManualTimekeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The engines as timers. */
class TriggerEngineTest {

  private static Timetable each(Duration period) {
    return after -> {
      long step = period.toMillis();
      return Optional.of(Instant.ofEpochMilli((after.toEpochMilli() / step + 1) * step));
    };
  }

  @Test
  void quartz_manyTriggers_fireByTheirTimetables() {
    try (QuartzTriggerEngine engine = new QuartzTriggerEngine()) {
      ConcurrentLinkedQueue<String> fired = new ConcurrentLinkedQueue<>();
      for (int i = 0; i < 2_000; i++) {
        engine.arm("job-" + i, each(Duration.ofMillis(200)));
      }
      assertThat(engine.armed()).isEqualTo(2_000);
      engine.start(fired::add);
      await().until(() -> fired.stream().distinct().count() == 2_000 && fired.size() > 4_000);
    }
  }

  @Test
  void quartz_armedAgainAndDisarmed_firesByTheNewestTimetableOnly() {
    try (QuartzTriggerEngine engine = new QuartzTriggerEngine()) {
      List<String> fired = new CopyOnWriteArrayList<>();
      engine.start(fired::add);
      engine.arm("a", after -> Optional.of(after.plusSeconds(3600)));
      engine.arm("b", each(Duration.ofMillis(50)));
      engine.arm("a", each(Duration.ofMillis(50)));
      await().until(() -> fired.contains("a") && fired.contains("b"));
      engine.disarm("b");
      fired.clear();
      await().until(() -> fired.stream().filter("a"::equals).count() > 3);
      assertThat(fired.stream().filter("b"::equals).count()).isLessThanOrEqualTo(1);
      engine.arm("a", after -> Optional.empty());
      assertThat(engine.armed()).isZero();
    }
  }

  /** A trigger that woke late fires for each of its times, on the grid. */
  @Test
  void quartz_startedLate_doesNotMoveTimes() {
    try (QuartzTriggerEngine engine = new QuartzTriggerEngine()) {
      Instant grid = engine.now().minusSeconds(100);
      List<Instant> asked = new CopyOnWriteArrayList<>();
      engine.arm("a", after -> {
        asked.add(after);
        Instant next = after.isBefore(grid) ? grid : after.plusSeconds(1);
        return asked.size() == 1 ? Optional.of(grid) : Optional.of(next);
      });
      engine.start(key -> {});
      await().until(() -> asked.size() > 50);
      assertThat(List.copyOf(asked).subList(1, 51))
          .allSatisfy(
              each -> assertThat(Duration.between(grid, each).toMillis() % 1000).isZero());
    }
  }

  @Test
  void virtual_time_firesInOrder() {
    ManualTimekeeper time = new ManualTimekeeper();
    VirtualTriggerEngine engine = new VirtualTriggerEngine(time);
    List<String> fired = new CopyOnWriteArrayList<>();
    engine.start(fired::add);
    engine.arm("a", each(Duration.ofSeconds(2)));
    engine.arm("b", each(Duration.ofSeconds(3)));
    time.advance(Duration.ofSeconds(6).minusMillis(1));
    assertThat(fired).containsExactly("a", "b", "a");
    engine.disarm("a");
    time.advance(Duration.ofSeconds(3));
    assertThat(fired).containsExactly("a", "b", "a", "b");
    engine.close();
    assertThat(engine.armed()).isZero();
  }
}
