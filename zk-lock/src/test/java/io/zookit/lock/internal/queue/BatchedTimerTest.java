package io.zookit.lock.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.internal.lane.SerialLane;
import io.zookit.testkit.ManualTimekeeper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchedTimerTest {

  private static final Duration WHILE = Duration.ofSeconds(1);

  private final ManualTimekeeper time = new ManualTimekeeper();
  private final List<String> run = new ArrayList<>();
  private final BatchedTimer later =
      new BatchedTimer(time, SerialLane.inline(Runnable::run, "loop"), WHILE);

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
    assertThat(time.pending()).isEqualTo(1);
    assertThat(later.size()).isZero();
    time.advance(WHILE);
    assertThat(run).isEmpty();
    assertThat(time.pending()).isZero();
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
