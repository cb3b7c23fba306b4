package io.zookit.core.internal.lane;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of a client: daemon threads of its own, which end when idle, and the user's executor if one is given.
 *
 * <p>A thread of the client hands callbacks to a given executor, never the loop: an executor that blocks, or runs a
 * task on the calling thread, delays callbacks only. A callback that it refuses runs on that thread.
 */
public final class ClientThreads {

  private static final Logger log = LoggerFactory.getLogger(ClientThreads.class);

  private final String client;
  private final @Nullable Executor given;
  private final ExecutorService own;
  private final Set<Callback> pending = ConcurrentHashMap.newKeySet();

  public ClientThreads(@Nullable Executor given, String client) {
    this.client = client;
    this.given = given;
    this.own = pool(client);
  }

  /** For the client's own work. No code of users. */
  public Executor own() {
    return own;
  }

  /** For code of users. */
  public Executor callbacks() {
    return this::call;
  }

  /** Done when all callbacks given before have finished, but for one that this is called from. */
  public CompletableFuture<Void> called() {
    Thread here = Thread.currentThread();
    return CompletableFuture.allOf(pending.stream()
        .filter(callback -> callback.thread != here)
        .map(callback -> callback.finished)
        .toArray(CompletableFuture<?>[]::new));
  }

  /** Ends own threads; what they are running is left to finish. */
  public void close() {
    own.shutdown();
  }

  private void call(Runnable task) {
    Callback callback = new Callback(task);
    pending.add(callback);
    try {
      own.execute(given == null ? callback : () -> handOver(given, callback));
    } catch (RuntimeException | Error e) {
      pending.remove(callback);
      throw e;
    }
  }

  private void handOver(Executor executor, Callback callback) {
    try {
      executor.execute(callback);
    } catch (RuntimeException | Error e) {
      log.warn(
          "{}: the given executor refused a callback, it runs on a thread of the client",
          client,
          e);
      callback.run();
    }
  }

  private final class Callback implements Runnable {
    private final Runnable task;
    private final CompletableFuture<Void> finished = new CompletableFuture<>();
    private volatile @Nullable Thread thread;

    Callback(Runnable task) {
      this.task = task;
    }

    @Override
    public void run() {
      thread = Thread.currentThread();
      try {
        task.run();
      } finally {
        thread = null;
        pending.remove(this);
        finished.complete(null);
      }
    }
  }

  private static ExecutorService pool(String client) {
    AtomicInteger count = new AtomicInteger();
    return new ThreadPoolExecutor(
        0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
          Thread thread = new Thread(task, "zookit-" + client + "-" + count.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }
}
