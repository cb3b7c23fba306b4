package io.zookit.core.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkTimeoutException;
import io.zookit.core.ZkUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class LiveCellTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final Queue<Runnable> handed = new ArrayDeque<>();
  private final AtomicInteger closings = new AtomicInteger();
  private final HandTime time = new HandTime();
  private final LiveCell<String> cell = new LiveCell<>(
      "the cell", time, () -> SerialLane.on(handed::add, "lane"), closings::incrementAndGet);

  @AfterEach
  void end() {
    pool.shutdownNow();
  }

  @Test
  void current_neverSet_isUnavailableAndNamed() {
    assertThat(cell.latest()).isEmpty();
    assertThatThrownBy(cell::current)
        .isInstanceOf(ZkUnavailableException.class)
        .hasMessageContaining("the cell");
  }

  @Test
  void current_set_isTheNewest() {
    cell.set("a");
    cell.set("b");
    assertThat(cell.current()).isEqualTo("b");
    assertThat(cell.latest()).contains("b");
  }

  @Test
  void subscribe_valueKnown_toldItThenLaterOnes() {
    cell.set("a");
    List<String> told = new ArrayList<>();
    cell.subscribe(told::add);
    pump();
    cell.set("b");
    pump();
    assertThat(told).containsExactly("a", "b");
  }

  @Test
  void subscribe_noValueYet_toldTheFirst() {
    List<String> told = new ArrayList<>();
    cell.subscribe(told::add);
    pump();
    assertThat(told).isEmpty();
    cell.set("a");
    pump();
    assertThat(told).containsExactly("a");
  }

  @Test
  void subscribe_severalChangesBeforeItsTurn_toldTheNewestOnce() {
    List<String> told = new ArrayList<>();
    cell.subscribe(told::add);
    cell.set("a");
    cell.set("b");
    cell.set("c");
    pump();
    assertThat(told).containsExactly("c");
  }

  @Test
  void subscribe_toLiveAgain_isNotToldTheSameValueTwice() {
    List<String> told = new ArrayList<>();
    cell.set("a");
    cell.subscribe(told::add);
    pump();
    cell.toStale();
    cell.toLive();
    pump();
    assertThat(told).containsExactly("a");
  }

  @Test
  void subscribe_throwingSubscriber_staysSubscribedAndHurtsNobody() {
    List<String> told = new ArrayList<>();
    List<String> other = new ArrayList<>();
    for (Throwable failure : List.of(new IllegalStateException("x"), new AssertionError("y"))) {
      cell.subscribe(value -> {
        told.add(value);
        LiveCellTest.<RuntimeException>sneak(failure);
      });
    }
    cell.subscribe(other::add);
    cell.set("a");
    pump();
    cell.set("b");
    pump();
    assertThat(told).containsExactly("a", "a", "b", "b");
    assertThat(other).containsExactly("a", "b");
  }

  @Test
  void subscribe_oneBlocks_othersGoOn() throws Exception {
    LiveCell<Integer> shared = threaded();
    CountDownLatch open = new CountDownLatch(1);
    CompletableFuture<Integer> other = new CompletableFuture<>();
    List<Integer> blocked = Collections.synchronizedList(new ArrayList<>());
    CompletableFuture<Void> last = new CompletableFuture<>();
    shared.subscribe(value -> {
      blocked.add(value);
      await(open);
      if (value == 100) {
        last.complete(null);
      }
    });
    shared.subscribe(value -> {
      if (value == 100) {
        other.complete(value);
      }
    });
    for (int i = 1; i <= 100; i++) {
      shared.set(i);
    }
    assertThat(other.get(30, TimeUnit.SECONDS)).isEqualTo(100);
    open.countDown();
    last.get(30, TimeUnit.SECONDS);
    assertThat(blocked).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void subscription_closed_noLaterCallEvenIfWoken() {
    List<String> told = new ArrayList<>();
    Subscription subscription = cell.subscribe(told::add);
    cell.set("a");
    subscription.close();
    subscription.close();
    pump();
    cell.set("b");
    pump();
    assertThat(told).isEmpty();
  }

  @Test
  void subscription_closedByItsOwnCall_isToldNothingMore() {
    List<String> told = new ArrayList<>();
    List<Subscription> own = new ArrayList<>();
    own.add(cell.subscribe(value -> {
      told.add(value);
      own.get(0).close();
    }));
    cell.set("a");
    pump();
    cell.set("b");
    pump();
    assertThat(told).containsExactly("a");
  }

  @Test
  void age_followedThenStaleThenLive_growsOnlyWhileStale() {
    assertThat(cell.age()).isZero();
    cell.set("a");
    time.advance(Duration.ofSeconds(5));
    assertThat(cell.age()).isZero();
    cell.toStale();
    time.advance(Duration.ofSeconds(5));
    cell.toStale(); // the first one counts
    time.advance(Duration.ofSeconds(2));
    assertThat(cell.age()).isEqualTo(Duration.ofSeconds(7));
    cell.toLive();
    assertThat(cell.age()).isZero();
    cell.toStale();
    time.advance(Duration.ofSeconds(1));
    cell.set("b");
    assertThat(cell.age()).isZero();
  }

  @Test
  void age_clockPastItsOverflow_isRight() {
    time.nanos = Long.MAX_VALUE - 10;
    cell.set("a");
    cell.toStale();
    time.nanos = Long.MIN_VALUE + 9;
    assertThat(cell.age()).isEqualTo(Duration.ofNanos(20));
  }

  @Test
  void awaitReady_valueKnown_returnsAtOnceAlsoWithZeroAndWhenInterrupted() throws Exception {
    cell.set("a");
    assertThat(cell.awaitReady(Duration.ZERO)).isSameAs(cell);
    Thread.currentThread().interrupt();
    assertThat(cell.awaitReady(LONG)).isSameAs(cell);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void awaitReady_noValue_timesOutAlsoAtZero() {
    for (Duration limit : List.of(Duration.ZERO, Duration.ofMillis(20))) {
      assertThatThrownBy(() -> cell.awaitReady(limit))
          .isInstanceOf(ZkTimeoutException.class)
          .hasMessageContaining("the cell")
          .hasMessageContaining(limit.toString());
    }
  }

  @Test
  void awaitReady_negative_isRefused() {
    cell.set("a");
    assertThatThrownBy(() -> cell.awaitReady(Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("timeout: PT-0.000000001S (expected: zero or more)");
  }

  @Test
  void awaitReady_foreverAsSomeWriteIt_waits() throws Exception {
    Future<LiveCell<String>> waiting =
        pool.submit(() -> cell.awaitReady(Duration.ofSeconds(Long.MAX_VALUE)));
    cell.set("a");
    assertThat(waiting.get(30, TimeUnit.SECONDS)).isSameAs(cell);
  }

  @Test
  void awaitReady_closedWithoutAValue_endsAtOnce() {
    Future<LiveCell<String>> waiting = pool.submit(() -> cell.awaitReady(LONG));
    cell.close();
    assertThatThrownBy(() -> waiting.get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(ZkUnavailableException.class)
        .hasMessageContaining("the cell: closed");
    assertThatThrownBy(() -> cell.awaitReady(LONG)).isInstanceOf(ZkUnavailableException.class);
  }

  @Test
  void close_twice_runsItsActionOnceAndKeepsTheValueButNotItsYouth() {
    List<String> told = new ArrayList<>();
    cell.subscribe(told::add);
    cell.set("a");
    pump();
    cell.close();
    cell.close();
    assertThat(closings).hasValue(1);
    cell.set("late");
    cell.toLive();
    pump();
    time.advance(Duration.ofSeconds(3));
    assertThat(cell.current()).isEqualTo("a");
    assertThat(cell.age()).isEqualTo(Duration.ofSeconds(3));
    assertThat(told).containsExactly("a");
  }

  /** One setter, subscribers that come and go on other threads: never back, never twice, the last one reaches all. */
  @Test
  void subscribe_stress_neverBackNeverTwiceAndTheLastForAll() throws Exception {
    for (long seed = 1; seed <= 20; seed++) {
      Random chance = new Random(seed);
      LiveCell<Integer> shared = threaded();
      List<List<Integer>> told = new ArrayList<>();
      List<CompletableFuture<Void>> ends = new ArrayList<>();
      int last = 2000;
      for (int i = 1; i <= last; i++) {
        if (chance.nextInt(400) == 0 || i == 1) {
          List<Integer> mine = Collections.synchronizedList(new ArrayList<>());
          CompletableFuture<Void> end = new CompletableFuture<>();
          told.add(mine);
          ends.add(end);
          shared.subscribe(value -> {
            mine.add(value);
            if (value == last) {
              end.complete(null);
            }
          });
        }
        shared.set(i);
      }
      for (CompletableFuture<Void> end : ends) {
        end.get(30, TimeUnit.SECONDS);
      }
      for (List<Integer> mine : told) {
        assertThat(mine).as("seed " + seed).isSorted().doesNotHaveDuplicates().endsWith(last);
      }
    }
  }

  private LiveCell<Integer> threaded() {
    return new LiveCell<>("shared", time, () -> SerialLane.on(pool, "lane"), () -> {});
  }

  private void pump() {
    while (!handed.isEmpty()) {
      handed.remove().run();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void sneak(Throwable failure) throws E {
    throw (E) failure;
  }

  /** A clock that stands until it is moved. */
  private static final class HandTime implements Timekeeper {
    private long nanos;

    void advance(Duration step) {
      nanos += step.toNanos();
    }

    @Override
    public Instant now() {
      return Instant.EPOCH.plusNanos(nanos);
    }

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public Subscription after(Duration delay, Runnable task) {
      throw new UnsupportedOperationException("no timers here");
    }
  }
}
