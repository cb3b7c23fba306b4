package io.zookit.core.internal.lane;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one at a time, in the order of submission. It is an order, not a thread.
 *
 * <p>{@code pending} counts the tasks submitted and not yet finished. The thread that raises it from zero drains the
 * lane until it is zero again, so there is always at most one thread inside and what a task writes is visible to the
 * next.
 *
 * <p>A lane {@linkplain #on on an executor} drains there. An {@linkplain #inline inline} lane drains on the thread that
 * submitted the task, so an idle lane adds no hop; a thread that has run {@value #BATCH} tasks of others hands the rest
 * to the executor. Inline lanes must never run code of users.
 *
 * <p><i>Failure:</i> a task that throws is logged as an error; the next one runs.
 */
public final class SerialLane implements Executor {

  private static final Logger log = LoggerFactory.getLogger(SerialLane.class);
  private static final int BATCH = 256;

  private final String name;
  private final Executor executor;
  private final boolean inline;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger pending = new AtomicInteger();
  private volatile @Nullable Thread runner;

  private SerialLane(String name, Executor executor, boolean inline) {
    this.name = name;
    this.executor = executor;
    this.inline = inline;
  }

  /** Creates a lane whose tasks run on an executor. */
  public static SerialLane on(Executor executor, String name) {
    return new SerialLane(name, executor, false);
  }

  /** Creates a lane whose tasks run on the threads that submit them, and on the executor if there are many. */
  public static SerialLane inline(Executor relief, String name) {
    return new SerialLane(name, relief, true);
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (pending.getAndIncrement() == 0) {
      if (inline) {
        drain();
      } else {
        relieve();
      }
    }
  }

  /** Tells if the calling thread is running a task of this lane. */
  public boolean isCurrent() {
    return runner == Thread.currentThread();
  }

  /** Done when all tasks given before have finished; done at once inside a task of this lane. */
  public CompletableFuture<Void> drained() {
    CompletableFuture<Void> drained = new CompletableFuture<>();
    if (isCurrent()) {
      drained.complete(null);
    } else {
      execute(() -> drained.complete(null));
    }
    return drained;
  }

  private void relieve() {
    if (!handedOver()) {
      drain();
    }
  }

  /**
   * Hands the rest to the executor; false if it refuses. One that is closed, or has no thread left, does not stop the
   * lane.
   */
  private boolean handedOver() {
    try {
      executor.execute(this::drain);
      return true;
    } catch (RejectedExecutionException e) {
      log.debug("{}: the executor is closed, going on here", name);
      return false;
    } catch (RuntimeException | Error e) {
      log.warn("{}: the executor failed, going on here", name, e);
      return false;
    }
  }

  private void drain() {
    for (int done = 1; ; done++) {
      run(java.util.Objects.requireNonNull(tasks.poll()));
      if (pending.decrementAndGet() == 0) {
        return;
      }
      if (done % BATCH == 0 && handedOver()) {
        return;
      }
    }
  }

  private void run(Runnable task) {
    runner = Thread.currentThread();
    try {
      task.run();
    } catch (Throwable e) { // also checked ones, which other JVM languages throw from anywhere
      log.error("{}: a task failed", name, e);
    } finally {
      runner = null;
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
