package io.zookit.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.Subscription;
import io.zookit.testkit.internal.host.Poll;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ManualTimekeeperTest {

  private static final Instant START = Instant.parse("2031-05-06T07:08:09Z");

  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final ManualTimekeeper time = new ManualTimekeeper(START);
  private final List<String> ran = new ArrayList<>();

  @Test
  void advance_noTasks_movesBothClocksByTheStep() {
    long before = time.nanos();
    time.advance(Duration.ofMillis(1_500));
    assertThat(time.now()).isEqualTo(START.plusMillis(1_500));
    assertThat(time.nanos() - before).isEqualTo(1_500_000_000L);
  }

  @Test
  void sleep_timeIsAdvanced_endsAtItsDueTimeAndNotBefore() {
    CompletableFuture<Instant> woken = new CompletableFuture<>();
    Thread sleeper = sleeping(Duration.ofSeconds(2), woken);
    time.advance(Duration.ofSeconds(1));
    assertThat(time.pending()).isEqualTo(1);
    assertThat(woken).isNotDone();
    time.advance(Duration.ofSeconds(1));
    assertThat(woken).succeedsWithin(LIMIT).isEqualTo(START.plusSeconds(2));
    assertThat(sleeper.isInterrupted()).isFalse();
  }

  @Test
  void sleep_interrupted_endsAndLeavesNoTask() {
    CompletableFuture<Instant> woken = new CompletableFuture<>();
    sleeping(Duration.ofSeconds(2), woken).interrupt();
    assertThat(woken)
        .failsWithin(LIMIT)
        .withThrowableThat()
        .withCauseInstanceOf(InterruptedException.class);
    assertThat(time.pending()).isZero();
  }

  /** Starts a thread that sleeps, and returns when it does. */
  private Thread sleeping(Duration duration, CompletableFuture<Instant> woken) {
    Thread sleeper = new Thread(() -> {
      try {
        time.sleep(duration);
        woken.complete(time.now());
      } catch (InterruptedException e) {
        woken.completeExceptionally(e);
      }
    });
    sleeper.start();
    Poll.require("a sleeping thread", LIMIT, () -> time.pending() == 1);
    return sleeper;
  }

  @Test
  void advance_severalDue_runInOrderOfTimeThenOfGiving() {
    time.after(Duration.ofSeconds(2), () -> ran.add("late"));
    time.after(Duration.ofSeconds(1), () -> ran.add("first"));
    time.after(Duration.ofSeconds(1), () -> ran.add("second"));
    time.after(Duration.ofSeconds(3), () -> ran.add("not yet"));
    time.advance(Duration.ofSeconds(2));
    assertThat(ran).containsExactly("first", "second", "late");
    assertThat(time.pending()).isEqualTo(1);
  }

  @Test
  void advance_task_seesItsOwnDueTime() {
    List<Instant> seen = new ArrayList<>();
    time.after(Duration.ofSeconds(1), () -> seen.add(time.now()));
    time.advance(Duration.ofSeconds(10));
    assertThat(seen).containsExactly(START.plusSeconds(1));
    assertThat(time.now()).isEqualTo(START.plusSeconds(10));
  }

  @Test
  void advance_taskThatGivesTasks_runsThoseDueWithinTheStep() {
    time.after(Duration.ofSeconds(1), this::repeat);
    time.advance(Duration.ofSeconds(5));
    assertThat(ran).hasSize(5);
    assertThat(time.pending()).isEqualTo(1);
  }

  @Test
  void advance_zero_runsWhatIsDueNow() {
    time.after(Duration.ZERO, () -> ran.add("now"));
    assertThat(ran).isEmpty();
    time.advance(Duration.ZERO);
    assertThat(ran).containsExactly("now");
  }

  @Test
  void advance_fromATask_isRefused() {
    time.after(Duration.ZERO, () -> time.advance(Duration.ofSeconds(1)));
    assertThatThrownBy(() -> time.advance(Duration.ZERO)).isInstanceOf(IllegalStateException.class);
    time.advance(Duration.ofSeconds(1));
  }

  @Test
  void advance_taskThrows_comesOutAndTheRestStaysPending() {
    time.after(Duration.ofSeconds(1), () -> {
      throw new IllegalArgumentException("mine");
    });
    time.after(Duration.ofSeconds(2), () -> ran.add("after"));
    assertThatThrownBy(() -> time.advance(Duration.ofSeconds(5))).hasMessage("mine");
    assertThat(time.now()).isEqualTo(START.plusSeconds(1));
    time.advance(Duration.ofSeconds(1));
    assertThat(ran).containsExactly("after");
  }

  @Test
  void close_beforeDue_cancels() {
    Subscription timer = time.after(Duration.ofSeconds(1), () -> ran.add("no"));
    timer.close();
    timer.close();
    assertThat(time.pending()).isZero();
    time.advance(Duration.ofSeconds(2));
    assertThat(ran).isEmpty();
  }

  @Test
  void jumpWallClock_back_movesOnlyTheWallClock() {
    long before = time.nanos();
    time.after(Duration.ofSeconds(1), () -> ran.add("no"));
    time.jumpWallClock(Duration.ofHours(-2));
    assertThat(time.now()).isEqualTo(START.minus(Duration.ofHours(2)));
    assertThat(time.nanos()).isEqualTo(before);
    assertThat(ran).isEmpty();
  }

  @Test
  void negativeDurations_areRefused() {
    assertThatThrownBy(() -> time.advance(Duration.ofNanos(-1)))
        .hasMessage("step: PT-0.000000001S (expected: zero or more)");
    assertThatThrownBy(() -> time.after(Duration.ofNanos(-1), () -> {}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private void repeat() {
    ran.add("tick");
    time.after(Duration.ofSeconds(1), this::repeat);
  }
}
