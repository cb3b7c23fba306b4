package io.zookit.lock;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Interrupts the calling thread at some moment of a call, or not at all when the call was faster. */
final class Interrupts implements AutoCloseable {

  /** A call that can be interrupted. */
  interface Call<T> {
    T run() throws InterruptedException;
  }

  /** One without a result. */
  interface Action {
    void run() throws InterruptedException;
  }

  private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();

  void during(int micros, Action action) throws InterruptedException {
    during(micros, () -> {
      action.run();
      return true;
    });
  }

  <T> T during(int micros, Call<T> call) throws InterruptedException {
    Thread caller = Thread.currentThread();
    AtomicBoolean inside = new AtomicBoolean(true);
    later.schedule(
        () -> {
          synchronized (inside) {
            if (inside.get()) {
              caller.interrupt();
            }
          }
        },
        micros,
        TimeUnit.MICROSECONDS);
    try {
      return call.run();
    } finally {
      synchronized (inside) {
        inside.set(false);
      }
      Thread.interrupted(); // one that came too late
    }
  }

  @Override
  public void close() {
    later.shutdownNow();
  }
}
