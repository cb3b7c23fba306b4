package io.zookit.console.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.console.ConsoleWorld;
import io.zookit.core.Role;
import io.zookit.core.ZkClient;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.testkit.ZkServerExtension;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A thousand event streams and a thousand long polls at one console: threads and requests at ZooKeeper do not grow with
 * them. Prints the heap of console and clients together, and how long it took until all had received a change.
 */
@Tag("nightly")
@Timeout(300)
class WatchersIT {

  private static final int WATCHERS = 1_000;
  /** Of the server, of what is computed, and of the sessions. */
  private static final int MOST_THREADS = 80;

  private static final int MOST_REQUESTS = 60;
  private static final Namespace NS = Namespace.of("prod", "shop", "limits");

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final ConsoleWorld console = new ConsoleWorld(zooKeeper.connectString(), zooKeeper.freshRoot());

  private final HttpClient http = HttpClient.newHttpClient();
  private ZkClient client;

  @BeforeEach
  void start() {
    client = console.client("test");
    console.start();
  }

  /** Notes when each event of a stream came. */
  private static final class Events implements Flow.Subscriber<String> {
    private final AtomicInteger events;
    private final AtomicLongArray times;
    private final int number;

    Events(AtomicInteger events, AtomicLongArray times, int number) {
      this.events = events;
      this.times = times;
      this.number = number;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
      if (line.startsWith("data: ")) {
        times.set(number, System.nanoTime());
        events.incrementAndGet();
      }
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
  }

  @Test
  void thousandStreams_hearOfAnInstance_andCostZooKeeperNoMore() throws Exception {
    ServiceRegistry registry = ServiceRegistry.in(client);
    console.closeLater(registry
        .register(ServiceInstance.at("payments", "10.0.0.7", 8080))
        .awaitRegistered(ConsoleWorld.LONG));
    await()
        .atMost(ConsoleWorld.LONG)
        .until(() -> console.json(Role.VIEWER, "/services").size() == 1);
    AtomicInteger events = new AtomicInteger();
    AtomicLongArray times = new AtomicLongArray(WATCHERS);
    long heap = heap();
    for (int i = 0; i < WATCHERS; i++) {
      Events subscriber = new Events(events, times, i);
      http.sendAsync(
          console
              .as(Role.VIEWER, "/services/payments/instances")
              .header("Accept", "text/event-stream")
              .build(),
          HttpResponse.BodyHandlers.fromLineSubscriber(subscriber));
    }
    await().atMost(ConsoleWorld.LONG).until(() -> events.get() >= WATCHERS);
    long grown = heap() - heap;
    int threads = consoleThreads();
    long requests = zooKeeper.server().requests();
    int before = events.get();
    long begun = System.nanoTime();
    console.closeLater(registry
        .register(ServiceInstance.at("payments", "10.0.0.8", 8080))
        .awaitRegistered(ConsoleWorld.LONG));
    await().atMost(ConsoleWorld.LONG).until(() -> events.get() >= before + WATCHERS);

    long sent = zooKeeper.server().requests() - requests;
    System.out.printf(
        "%d streams: %d KB of heap each with their client, %d threads, %d requests for a change, heard after p50 %d ms, p95 %d ms%n",
        WATCHERS,
        grown / WATCHERS / 1024,
        threads,
        sent,
        after(begun, times, 50),
        after(begun, times, 95));
    assertThat(threads).isLessThanOrEqualTo(MOST_THREADS);
    assertThat(sent).isLessThanOrEqualTo(MOST_REQUESTS);
  }

  @Test
  void thousandLongPolls_hearOfARelease_andCostZooKeeperNoMore() throws Exception {
    ConfigStore store = ConfigStore.in(client);
    store.publish(NS, Content.properties("a=1"), Change.by("ada"));
    await()
        .atMost(ConsoleWorld.LONG)
        .until(() ->
            console.get(Role.VIEWER, "/config/prod/shop/limits?instance=i-0").statusCode() == 200);
    String known = console
        .get(Role.VIEWER, "/config/prod/shop/limits?instance=i-0")
        .headers()
        .firstValue("ETag")
        .orElseThrow();
    List<CompletableFuture<HttpResponse<String>>> polls = new ArrayList<>();
    AtomicLongArray times = new AtomicLongArray(WATCHERS);
    long heap = heap();
    for (int i = 0; i < WATCHERS; i++) {
      int number = i;
      polls.add(http.sendAsync(
              console
                  .as(Role.VIEWER, "/config/prod/shop/limits?wait=60s&instance=i-" + i)
                  .header("If-None-Match", known)
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .whenComplete((answer, failure) -> times.set(number, System.nanoTime())));
    }
    await().atMost(ConsoleWorld.LONG).until(() -> console.waiting() == WATCHERS);
    long grown = heap() - heap;
    int threads = consoleThreads();
    long requests = zooKeeper.server().requests();
    long begun = System.nanoTime();
    store.publish(NS, Content.properties("a=2"), Change.by("ada"));
    for (CompletableFuture<HttpResponse<String>> poll : polls) {
      HttpResponse<String> answer = poll.get();
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("\"2\"");
    }

    long sent = zooKeeper.server().requests() - requests;
    System.out.printf(
        "%d long polls: %d KB of heap each with their client, %d threads, %d requests for a release, answered after p50 %d ms, p95 %d ms%n",
        WATCHERS,
        grown / WATCHERS / 1024,
        threads,
        sent,
        after(begun, times, 50),
        after(begun, times, 95));
    assertThat(threads).isLessThanOrEqualTo(MOST_THREADS);
    assertThat(sent).isLessThanOrEqualTo(MOST_REQUESTS);
  }

  private static long after(long begun, AtomicLongArray times, int percent) {
    long[] sorted = new long[times.length()];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = (times.get(i) - begun) / 1_000_000;
    }
    java.util.Arrays.sort(sorted);
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }

  private static int consoleThreads() {
    return (int) Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("zookit-console"))
        .count();
  }

  private static long heap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
