package io.zookit.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class SystemTimekeeperTest {

  private final Timekeeper timekeeper = Timekeeper.system();

  @Test
  void clocks_advance() {
    Instant before = Instant.now();
    long nanos = timekeeper.nanos();

    assertThat(timekeeper.now()).isAfterOrEqualTo(before).isBeforeOrEqualTo(Instant.now());
    assertThat(timekeeper.nanos() - nanos).isNotNegative();
  }

  @Test
  void after_delay_runsOnceNotBeforeItOnADaemon() throws InterruptedException {
    BlockingQueue<Long> ran = new LinkedBlockingQueue<>();
    BlockingQueue<Thread> by = new LinkedBlockingQueue<>();
    long start = timekeeper.nanos();
    timekeeper.after(Duration.ofMillis(20), () -> {
      by.add(Thread.currentThread());
      ran.add(timekeeper.nanos());
    });

    assertThat(ran.take() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
    assertThat(by.take().isDaemon()).isTrue();
    awaitTimer();
    assertThat(ran).isEmpty();
  }

  @Test
  void after_delayBeyondAllCounting_waitsAndCanBeClosed() throws InterruptedException {
    List<String> ran = new CopyOnWriteArrayList<>();
    timekeeper.after(Duration.ofSeconds(Long.MAX_VALUE), () -> ran.add("early")).close();
    awaitTimer();

    assertThat(ran).isEmpty();
  }

  @Test
  void after_closedBeforeItStarts_neverRuns() throws InterruptedException {
    List<String> ran = new CopyOnWriteArrayList<>();
    CountDownLatch gate = blockTimer();
    Subscription timer = timekeeper.after(Duration.ZERO, () -> ran.add("cancelled"));
    timekeeper.after(Duration.ZERO, () -> ran.add("kept"));
    timer.close();
    timer.close();
    gate.countDown();
    awaitTimer();

    assertThat(ran).containsExactly("kept");
  }

  @Test
  void after_sameDelay_runsInTheOrderAsked() throws InterruptedException {
    List<Integer> ran = new CopyOnWriteArrayList<>();
    CountDownLatch gate = blockTimer();
    for (int i = 0; i < 100; i++) {
      int number = i;
      timekeeper.after(Duration.ZERO, () -> ran.add(number));
    }
    gate.countDown();
    awaitTimer();

    assertThat(ran).hasSize(100).isSorted();
  }

  @Test
  void after_shorterDelayAskedLater_runsFirst() throws InterruptedException {
    BlockingQueue<String> ran = new LinkedBlockingQueue<>();
    CountDownLatch gate = blockTimer();
    long start = timekeeper.nanos();
    timekeeper.after(Duration.ofMillis(500), () -> ran.add("long"));
    timekeeper.after(Duration.ofMillis(1), () -> ran.add("short"));
    long asked = timekeeper.nanos() - start;
    gate.countDown();

    // Otherwise this machine stood still and the long one was rightly due first.
    assumeThat(asked).isLessThan(TimeUnit.MILLISECONDS.toNanos(499));
    assertThat(ran.take()).isEqualTo("short");
    assertThat(ran.take()).isEqualTo("long");
  }

  @Test
  void sleep_duration_returnsNotBeforeIt() throws InterruptedException {
    long start = timekeeper.nanos();
    timekeeper.sleep(Duration.ofMillis(20));
    assertThat(timekeeper.nanos() - start)
        .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
  }

  @Test
  void sleep_interrupted_endsTheWait() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> timekeeper.sleep(Duration.ofDays(1)))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  /** Holds the one timer thread until the latch is opened, so that tasks submitted meanwhile wait together. */
  private CountDownLatch blockTimer() throws InterruptedException {
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    timekeeper.after(Duration.ZERO, () -> {
      reached.countDown();
      awaitQuietly(gate);
    });
    reached.await();
    return gate;
  }

  /** Returns when everything that was due before has run. */
  private void awaitTimer() throws InterruptedException {
    CountDownLatch reached = new CountDownLatch(1);
    timekeeper.after(Duration.ZERO, reached::countDown);
    reached.await();
  }

  private static void awaitQuietly(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
