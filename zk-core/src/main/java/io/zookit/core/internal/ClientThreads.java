package io.zookit.core.internal;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Where callbacks of a client run: the user's executor, or daemon threads of the client that end when idle. */
final class ClientThreads {

  private final Executor executor;
  private final @Nullable ExecutorService own;

  ClientThreads(@Nullable Executor given, String client) {
    this.own = given == null ? pool(client) : null;
    this.executor = given == null ? java.util.Objects.requireNonNull(own) : given;
  }

  Executor executor() {
    return executor;
  }

  /** Ends own threads; what they are running is left to finish. */
  void close() {
    if (own != null) {
      own.shutdown();
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
