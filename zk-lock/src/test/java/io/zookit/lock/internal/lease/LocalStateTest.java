package io.zookit.lock.internal.lease;

import io.zookit.core.internal.lane.SerialLane;
import io.zookit.lock.LeaseState;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The parts that several threads touch at once, under all interleavings Lincheck finds: whatever happens concurrently
 * could also have happened one after the other, and what must hold in the end does.
 */
@Tag("full")
class LocalStateTest {

  private static ModelCheckingOptions options() {
    return new ModelCheckingOptions()
        .iterations(8)
        .threads(3)
        .actorsPerThread(2)
        .actorsBefore(1)
        .actorsAfter(1)
        .invocationsPerIteration(150);
  }

  @Test
  void leaseLife_anyThreads_isLinearizable() {
    options().sequentialSpecification(LifeModel.class).check(LifeOperations.class);
  }

  @Test
  @Tag("full")
  void onceListeners_anyThreads_tellEachOnce() {
    options().check(OnceOperations.class);
  }

  @Test
  @Tag("full")
  void leaseNews_anyThreads_tellAllWhoAsked() {
    options().check(NewsOperations.class);
  }

  @Test
  @Tag("full")
  void serialLane_anyThreads_runsOneTaskAtATimeAndLosesNone() {
    options().check(LaneOperations.class);
  }

  /** The transitions of a lease. */
  public static class LifeOperations {
    private final LeaseStateMachine life = new LeaseStateMachine();

    @Operation
    public boolean suspect() {
      return life.toSuspect();
    }

    @Operation
    public boolean held() {
      return life.toHeld();
    }

    @Operation
    public boolean lost() {
      return life.toLost();
    }

    @Operation
    public boolean released() {
      return life.toReleased();
    }

    @Operation
    public boolean expired() {
      return life.toExpired();
    }

    @Operation
    public String now() {
      return life.now().name();
    }
  }

  /** The transitions that are allowed. */
  public static class LifeModel {
    private LeaseState now = LeaseState.HELD;

    public boolean suspect() {
      return step(now == LeaseState.HELD, LeaseState.SUSPECT);
    }

    public boolean held() {
      return step(now == LeaseState.SUSPECT, LeaseState.HELD);
    }

    public boolean lost() {
      return step(!isOver(), LeaseState.LOST);
    }

    public boolean released() {
      return step(!isOver(), LeaseState.RELEASED);
    }

    public boolean expired() {
      return step(!isOver(), LeaseState.EXPIRED_HOLD);
    }

    public String now() {
      return now.name();
    }

    private boolean isOver() {
      return now != LeaseState.HELD && now != LeaseState.SUSPECT;
    }

    private boolean step(boolean allowed, LeaseState next) {
      now = allowed ? next : now;
      return allowed;
    }
  }

  /** Listeners that stay, listeners that leave, and the event; on a lane of the threads that use it. */
  public static class OnceOperations {
    private final OneShotListeners<String> listeners =
        new OneShotListeners<>(SerialLane.inline(Runnable::run, "test"));
    private final List<AtomicInteger> staying = new CopyOnWriteArrayList<>();
    private final List<AtomicInteger> leaving = new CopyOnWriteArrayList<>();
    private volatile boolean happened;

    @Operation
    public void stay() {
      AtomicInteger told = new AtomicInteger();
      staying.add(told);
      listeners.add(what -> told.incrementAndGet());
    }

    @Operation
    public void comeAndLeave() {
      AtomicInteger told = new AtomicInteger();
      leaving.add(told);
      listeners.add(what -> told.incrementAndGet()).close();
    }

    @Operation
    public void tell() {
      listeners.tell("it");
      happened = true;
    }

    @Validate
    public void requireOnce() {
      int expected = happened ? 1 : 0;
      require(staying.stream().allMatch(told -> told.get() == expected), "each that stays, once");
      require(
          leaving.stream().allMatch(told -> told.get() <= expected), "who leaves, at most once");
    }
  }

  /** Callers that wait for the end of a lease, and that end. */
  public static class NewsOperations {
    private final LeaseListeners news =
        new LeaseListeners(SerialLane.inline(Runnable::run, "test"));
    private final List<CompletableFuture<Void>> asked = new CopyOnWriteArrayList<>();
    private volatile boolean gone;

    @Operation
    public void ask() {
      asked.add(news.gone());
    }

    @Operation
    public void end() {
      news.tellGone();
      gone = true;
    }

    @Validate
    public void requireTold() {
      require(asked.stream().allMatch(each -> each.isDone() == gone), "all, when it is gone");
    }
  }

  /** Tasks that would overwrite each other if two ran at once. */
  public static class LaneOperations {
    private final SerialLane lane = SerialLane.inline(Runnable::run, "test");
    private final AtomicInteger given = new AtomicInteger();
    private int run;

    @Operation
    public void execute() {
      given.incrementAndGet();
      lane.execute(this::count);
    }

    @Operation
    public void executeFromInside() {
      given.addAndGet(2);
      lane.execute(() -> {
        count();
        lane.execute(this::count);
      });
    }

    private void count() {
      int before = run;
      run = before + 1;
    }

    @Validate
    public void requireAll() {
      require(run == given.get(), "all tasks, one at a time");
    }
  }

  private static void require(boolean held, String what) {
    if (!held) {
      throw new IllegalStateException("expected: " + what);
    }
  }
}
