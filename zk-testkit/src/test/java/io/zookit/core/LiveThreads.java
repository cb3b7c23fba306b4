package io.zookit.core;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/** The threads that clients have made, to see that none is left. */
public final class LiveThreads {

  private final Set<Thread> before = ofClients();

  private LiveThreads() {}

  /** Those that are there now do not count. */
  public static LiveThreads fromNow() {
    return new LiveThreads();
  }

  /** Waits until all that came since are gone. */
  public void requireNoneLeft() {
    await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
      Set<Thread> left = ofClients();
      left.removeAll(before);
      if (!left.isEmpty()) {
        throw new AssertionError("left: " + left);
      }
    });
  }

  /** The shared timer ends by itself, ten seconds after its last task. */
  private static Set<Thread> ofClients() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(
            thread -> thread
                .getName()
                .matches(
                    "(zookit-(?!timer|proxy).*|.*-SendThread.*|.*-EventThread.*|Curator-.*|.*SafeNotifyService.*)"))
        .collect(Collectors.toSet());
  }
}
