package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.internal.SerialLane;
import io.zookit.testkit.ManualTimekeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaterTest {

  private static final Duration WHILE = Duration.ofSeconds(1);

  private final ManualTimekeeper time = new ManualTimekeeper();
  private final List<String> run = new ArrayList<>();
  private int timers;
  private final Later later =
      new Later(new Counting(), SerialLane.inline(Runnable::run, "loop"), WHILE);

  /** Counts the timers that are set. */
  private final class Counting implements Timekeeper {

    @Override
    public Instant now() {
      return time.now();
    }

    @Override
    public long nanos() {
      return time.nanos();
    }

    @Override
    public Subscription after(Duration delay, Runnable task) {
      timers++;
      return time.after(delay, task);
    }
  }

  @Test
  void run_theWhileIsOver_runsInOrderAndNotBefore() {
    later.run(() -> run.add("first"));
    time.advance(Duration.ofMillis(400));
    later.run(() -> run.add("second"));
    time.advance(Duration.ofMillis(599));
    assertThat(run).isEmpty();
    time.advance(Duration.ofMillis(1));
    assertThat(run).containsExactly("first");
    time.advance(Duration.ofMillis(399));
    assertThat(run).containsExactly("first");
    time.advance(Duration.ofMillis(1));
    assertThat(run).containsExactly("first", "second");
    assertThat(later.size()).isZero();
  }

  @Test
  void run_manyAreTakenBack_setsOneTimer() {
    for (int i = 0; i < 1_000; i++) {
      later.run(() -> run.add("never")).close();
    }
    assertThat(timers).isEqualTo(1);
    assertThat(later.size()).isZero();
    time.advance(WHILE);
    assertThat(run).isEmpty();
    assertThat(timers).isEqualTo(1);
  }

  @Test
  void run_afterAllWereTakenBack_comesInTime() {
    later.run(() -> run.add("never")).close();
    time.advance(Duration.ofMillis(700));
    later.run(() -> run.add("late"));
    time.advance(WHILE);
    assertThat(run).containsExactly("late");
  }

  @Test
  void run_oneFails_theOthersRun() {
    later.run(() -> {
      throw new IllegalStateException("thrown on purpose");
    });
    later.run(() -> run.add("other"));
    time.advance(WHILE);
    assertThat(run).containsExactly("other");
  }

  @Test
  void close_somethingWaits_runsNothing() {
    later.run(() -> run.add("never"));
    later.close();
    time.advance(WHILE);
    assertThat(run).isEmpty();
  }
}
