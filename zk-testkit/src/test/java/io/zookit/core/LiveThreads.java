package io.zookit.core;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Shows that clients leave no thread behind, also while other tests run. */
public final class LiveThreads {

  /** A part of a test. */
  public interface Body {

    /** Runs it. */
    void run() throws Exception;
  }

  private LiveThreads() {}

  /** Runs something in a group of threads of its own and waits until all that it has started are gone. */
  public static void requireNoneLeftBy(Body body) throws Exception {
    ThreadGroup group = new ThreadGroup("clients");
    CompletableFuture<Void> end = new CompletableFuture<>();
    Thread thread = new Thread(group, () -> {
      try {
        body.run();
        end.complete(null);
      } catch (Exception | AssertionError e) {
        end.completeExceptionally(e);
      }
    });
    thread.start();
    end.get(50, TimeUnit.SECONDS);
    await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
      List<Thread> left = threadsOf(group);
      if (!left.isEmpty()) {
        throw new AssertionError("left: " + left);
      }
    });
  }

  /** The shared timer ends by itself, ten seconds after its last task. */
  private static List<Thread> threadsOf(ThreadGroup group) {
    Thread[] threads = new Thread[group.activeCount() + 50];
    group.enumerate(threads);
    return Arrays.stream(threads)
        .filter(Objects::nonNull)
        .filter(thread -> !thread.getName().equals("zookit-timer"))
        .toList();
  }
}
