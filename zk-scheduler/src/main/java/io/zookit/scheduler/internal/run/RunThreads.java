package io.zookit.scheduler.internal.run;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A daemon thread for each run; the node claims no more than it has room for, so there is no backlog. */
public final class RunThreads implements RunExecutor {

  private static final long IDLE_SECONDS = 10;

  private final ThreadPoolExecutor threads;
  private final Map<LiveRun, Thread> running = new ConcurrentHashMap<>();

  public RunThreads(String label) {
    AtomicInteger count = new AtomicInteger();
    threads = new ThreadPoolExecutor(
        0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
          Thread thread = new Thread(task, "zookit-job-" + label + "-" + count.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  @Override
  public void start(LiveRun run, Code code, Consumer<@Nullable Throwable> ended) {
    try {
      threads.execute(() -> ended.accept(run(run, code)));
    } catch (RuntimeException | Error e) { // closed, or no thread is left
      ended.accept(e);
    }
  }

  /** Runs code on this thread; what it threw, also what no Java code may throw without saying so. */
  private @Nullable Throwable run(LiveRun run, Code code) {
    running.put(run, Thread.currentThread());
    try {
      if (!run.isWanted()) {
        throw new InterruptedException("cancelled before it began");
      }
      code.run();
      return null;
    } catch (Throwable e) {
      return e;
    } finally {
      forget(run);
    }
  }

  /** After this no interrupt meant for the run hits what the thread does next. */
  private void forget(LiveRun run) {
    synchronized (run) {
      running.remove(run);
      Thread.interrupted();
    }
  }

  @Override
  public void interrupt(LiveRun run) {
    synchronized (run) {
      Thread thread = running.get(run);
      if (thread != null) {
        thread.interrupt();
      }
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
