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
  void timekeeper_manyTriggers_fireInOrder() {
    ManualTimekeeper time = new ManualTimekeeper();
    TimekeeperTriggerEngine engine = new TimekeeperTriggerEngine(time);
    List<String> fired = new CopyOnWriteArrayList<>();
    engine.arm("a", each(Duration.ofSeconds(2)));
    engine.arm("b", each(Duration.ofSeconds(3)));
    time.advance(Duration.ofSeconds(4));
    assertThat(fired).isEmpty();
    engine.start(fired::add);
    time.advance(Duration.ofMillis(1));
    assertThat(fired).containsExactly("a", "b");
    fired.clear();
    for (int i = 0; i < 8; i++) {
      time.advance(Duration.ofSeconds(1));
    }
    assertThat(fired).filteredOn("a"::equals).hasSize(4);
    assertThat(fired).filteredOn("b"::equals).hasSize(3);
    engine.disarm("a");
    assertThat(engine.armed()).isEqualTo(1);
    engine.arm("b", after -> Optional.empty());
    assertThat(engine.armed()).isZero();
  }

  /** One timer is pending for all triggers; the earliest decides when it ends. */
  @Test
  void timekeeper_armedForAnEarlierTime_firesThen() {
    ManualTimekeeper time = new ManualTimekeeper();
    TimekeeperTriggerEngine engine = new TimekeeperTriggerEngine(time);
    List<String> fired = new CopyOnWriteArrayList<>();
    engine.start(fired::add);
    for (int i = 0; i < 100; i++) {
      engine.arm("late-" + i, each(Duration.ofHours(5)));
    }
    engine.arm("soon", each(Duration.ofSeconds(1)));
    assertThat(time.pending()).isEqualTo(1);
    time.advance(Duration.ofSeconds(1));
    assertThat(fired).containsExactly("soon");
    engine.close();
    assertThat(time.pending()).isZero();
    time.advance(Duration.ofHours(6));
    assertThat(fired).containsExactly("soon");
  }

  /** The timer was set by the old clock, and would end much later. */
  @Test
  void timekeeper_clockSetForwardAndArmedAgain_firesByTheNewClock() {
    ManualTimekeeper time = new ManualTimekeeper();
    TimekeeperTriggerEngine engine = new TimekeeperTriggerEngine(time);
    List<String> fired = new CopyOnWriteArrayList<>();
    engine.start(fired::add);
    Instant due = time.now().plus(Duration.ofMinutes(30));
    Timetable once = after -> Optional.of(due).filter(after::isBefore);
    engine.arm("a", once);
    time.jumpWallClock(Duration.ofMinutes(29));
    engine.arm("a", once);
    time.advance(Duration.ofMinutes(1));
    assertThat(fired).containsExactly("a");
    assertThat(engine.armed()).isZero();
  }

  @Test
  void timekeeper_lateByManyTimes_firesOnceForAll() {
    ManualTimekeeper time = new ManualTimekeeper();
    TimekeeperTriggerEngine engine = new TimekeeperTriggerEngine(time);
    List<String> fired = new CopyOnWriteArrayList<>();
    engine.start(fired::add);
    engine.arm("a", each(Duration.ofSeconds(1)));
    time.jumpWallClock(Duration.ofSeconds(100));
    time.advance(Duration.ofSeconds(1));
    assertThat(fired).containsExactly("a");
  }
}
