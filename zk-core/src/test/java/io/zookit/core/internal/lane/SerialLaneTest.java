package io.zookit.core.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class SerialLaneTest {

  private final ExecutorService pool = Executors.newFixedThreadPool(4);

  @AfterEach
  void end() {
    pool.shutdownNow();
  }

  @Test
  void execute_laneOnExecutor_runsInOrderOnTheExecutor() throws Exception {
    SerialLane lane = SerialLane.on(pool, "lane");
    List<Integer> ran = Collections.synchronizedList(new ArrayList<>());
    Set<Thread> by = ConcurrentHashMap.newKeySet();
    for (int i = 0; i < 10_000; i++) {
      int turn = i;
      lane.execute(() -> {
        ran.add(turn);
        by.add(Thread.currentThread());
      });
    }

    assertThat(drained(lane)).isTrue();
    assertThat(ran).containsExactlyElementsOf(IntStream.range(0, 10_000).boxed().toList());
    assertThat(by).doesNotContain(Thread.currentThread());
  }

  @Test
  void execute_handPumpedExecutor_runsNothingUntilPumpedAndThenAll() {
    Queue<Runnable> handed = new ArrayDeque<>();
    SerialLane lane = SerialLane.on(handed::add, "lane");
    List<String> ran = new ArrayList<>();
    lane.execute(() -> ran.add("a"));
    lane.execute(() -> ran.add("b"));

    assertThat(ran).isEmpty();
    assertThat(handed).hasSize(1);
    handed.remove().run();
    assertThat(ran).containsExactly("a", "b");
    lane.execute(() -> ran.add("c"));
    handed.remove().run();
    assertThat(ran).containsExactly("a", "b", "c");
  }

  @Test
  void execute_inlineIdle_runsOnTheCallerBeforeReturning() {
    SerialLane lane = SerialLane.inline(refuseAll(), "loop");
    List<Thread> by = new ArrayList<>();
    lane.execute(() -> by.add(Thread.currentThread()));
    assertThat(by).containsExactly(Thread.currentThread());
  }

  @Test
  void execute_inlineFromATask_runsAfterTheTask() {
    SerialLane lane = SerialLane.inline(refuseAll(), "loop");
    List<String> ran = new ArrayList<>();
    lane.execute(() -> {
      lane.execute(() -> ran.add("inner"));
      ran.add("outer");
    });
    assertThat(ran).containsExactly("outer", "inner");
  }

  @Test
  void execute_inlineMoreThanABatch_handsTheRestToTheExecutor() throws Exception {
    SerialLane lane = SerialLane.inline(pool, "loop");
    List<Thread> by = Collections.synchronizedList(new ArrayList<>());
    lane.execute(() -> {
      for (int i = 0; i < 1000; i++) {
        lane.execute(() -> by.add(Thread.currentThread()));
      }
    });
    assertThat(drained(lane)).isTrue();
    assertThat(by).hasSize(1000);
    assertThat(by.get(0)).isSameAs(Thread.currentThread());
    assertThat(by.get(999)).isNotSameAs(Thread.currentThread());
  }

  @Test
  void execute_moreThanABatchAndExecutorRejects_goesOnHere() {
    SerialLane lane = SerialLane.inline(refuseAll(), "loop");
    AtomicInteger ran = new AtomicInteger();
    lane.execute(() -> {
      for (int i = 0; i < 1000; i++) {
        lane.execute(ran::incrementAndGet);
      }
    });
    assertThat(ran).hasValue(1000);
  }

  @Test
  void execute_executorRejects_runsHereInOrder() {
    SerialLane lane = SerialLane.on(refuseAll(), "lane");
    List<String> ran = new ArrayList<>();
    lane.execute(() -> ran.add("a"));
    lane.execute(() -> ran.add("b"));
    assertThat(ran).containsExactly("a", "b");
  }

  @Test
  void execute_executorFailsInAnotherWay_runsHereAndTheLaneLives() {
    for (Throwable failure : List.of(
        new IllegalStateException("no"), new OutOfMemoryError("unable to create native thread"))) {
      SerialLane lane =
          SerialLane.on(task -> SerialLaneTest.<RuntimeException>sneak(failure), "lane");
      List<String> ran = new ArrayList<>();
      lane.execute(() -> ran.add("a"));
      lane.execute(() -> ran.add("b"));
      assertThat(ran).containsExactly("a", "b");
    }
  }

  @Test
  void execute_taskThrows_nextOneRuns() {
    for (Throwable failure : List.of(
        new IllegalStateException("unchecked"),
        new AssertionError("error"),
        new Exception("sneaked"))) {
      SerialLane lane = SerialLane.inline(refuseAll(), "loop");
      List<String> ran = new ArrayList<>();
      lane.execute(() -> {
        lane.execute(() -> ran.add("queued before"));
        SerialLaneTest.<RuntimeException>sneak(failure);
      });
      lane.execute(() -> ran.add("given after"));
      assertThat(ran).containsExactly("queued before", "given after");
      assertThat(lane.isCurrent()).isFalse();
    }
  }

  @Test
  void isCurrent_insideAndOutside_tellsThemApart() throws Exception {
    SerialLane lane = SerialLane.on(pool, "lane");
    SerialLane other = SerialLane.on(pool, "other");
    List<Boolean> inside = Collections.synchronizedList(new ArrayList<>());
    lane.execute(() -> {
      inside.add(lane.isCurrent());
      inside.add(other.isCurrent());
    });
    assertThat(drained(lane)).isTrue();
    assertThat(inside).containsExactly(true, false);
    assertThat(lane.isCurrent()).isFalse();
  }

  @Test
  void drained_insideATask_isDoneAtOnce() throws Exception {
    SerialLane lane = SerialLane.on(pool, "lane");
    List<Boolean> answers = Collections.synchronizedList(new ArrayList<>());
    lane.execute(() -> answers.add(lane.drained().isDone()));
    assertThat(drained(lane)).isTrue();
    assertThat(answers).containsExactly(true);
  }

  @Test
  void drained_taskStillRunning_isDoneAfterIt() throws Exception {
    SerialLane lane = SerialLane.on(pool, "lane");
    CountDownLatch open = new CountDownLatch(1);
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    lane.execute(() -> {
      awaitQuietly(open);
      order.add("task");
    });
    CompletableFuture<Void> drained = lane.drained().thenRun(() -> order.add("drained"));
    assertThat(drained).isNotDone();
    open.countDown();
    drained.get(30, TimeUnit.SECONDS);
    assertThat(order).containsExactly("task", "drained");
  }

  /** Many threads, tasks that give tasks, an executor that rejects at random: one at a time, in order, none lost. */
  @Test
  void execute_stress_oneAtATimeInOrderNoneLost() throws Exception {
    for (long seed = 1; seed <= 40; seed++) {
      Random chance = new Random(seed);
      boolean inline = chance.nextBoolean();
      Executor moody = moody(seed, chance.nextInt(4));
      SerialLane lane = inline ? SerialLane.inline(moody, "loop") : SerialLane.on(moody, "lane");
      stress(lane, 4, 500, "seed " + seed);
    }
  }

  private void stress(SerialLane lane, int givers, int each, String which) throws Exception {
    int[][] next = new int[givers][2]; // plain on purpose: only the lane orders these writes
    int[] inside = {0};
    AtomicInteger ran = new AtomicInteger();
    List<String> wrong = Collections.synchronizedList(new ArrayList<>());
    List<Future<?>> given = new ArrayList<>();
    for (int g = 0; g < givers; g++) {
      int giver = g;
      given.add(pool.submit(() -> {
        for (int i = 0; i < each; i++) {
          int turn = i;
          lane.execute(() -> {
            enter(inside, wrong);
            if (next[giver][0]++ != turn) {
              wrong.add("order of " + giver);
            }
            lane.execute(() -> {
              enter(inside, wrong);
              if (next[giver][1]++ != turn) {
                wrong.add("inner order of " + giver);
              }
              ran.incrementAndGet();
              inside[0]--;
            });
            inside[0]--;
          });
        }
      }));
    }
    for (Future<?> one : given) {
      one.get(30, TimeUnit.SECONDS);
    }
    assertThat(drained(lane)).as(which).isTrue();
    assertThat(drained(lane)).as(which).isTrue(); // the inner ones, too
    assertThat(wrong).as(which).isEmpty();
    assertThat(ran).as(which).hasValue(givers * each);
  }

  private static void enter(int[] inside, List<String> wrong) {
    if (inside[0]++ != 0) {
      wrong.add("two at a time");
    }
  }

  /** Rejects one task in {@code oneOf} at random; none if it is 0. */
  private Executor moody(long seed, int oneOf) {
    Random chance = new Random(seed);
    return task -> {
      boolean reject;
      synchronized (chance) {
        reject = oneOf > 0 && chance.nextInt(oneOf) == 0;
      }
      if (reject) {
        throw new RejectedExecutionException("moody");
      }
      pool.execute(task);
    };
  }

  private static boolean drained(SerialLane lane) throws Exception {
    lane.drained().get(30, TimeUnit.SECONDS);
    return true;
  }

  private static Executor refuseAll() {
    return task -> {
      throw new RejectedExecutionException("closed");
    };
  }

  private static void awaitQuietly(CountDownLatch latch) {
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
}
