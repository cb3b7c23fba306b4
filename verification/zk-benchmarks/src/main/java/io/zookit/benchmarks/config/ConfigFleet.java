package io.zookit.benchmarks.config;

import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.core.ZkClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.cache.CuratorCacheListener;
import org.apache.curator.retry.ExponentialBackoffRetry;

/** Clients, each with a connection of its own, that follow one configuration, and one that publishes it. */
abstract class ConfigFleet implements AutoCloseable {

  static final Namespace NAMESPACE = Namespace.of("bench", "fleet", "limits");

  private static final int CLOSERS = 64;

  private record Expected(int number, CountDownLatch told) {}

  private final int clients;
  private volatile Expected expected = new Expected(0, new CountDownLatch(0));

  ConfigFleet(int clients) {
    this.clients = clients;
  }

  /** Connects all of an implementation: {@code zookit} or {@code peer}. */
  static ConfigFleet connect(String implementation, String address, int clients) throws Exception {
    return implementation.equals("zookit")
        ? new Stores(address, clients)
        : new Caches(address, clients);
  }

  /** Returns a latch that counts down for each client that is notified of a release. */
  CountDownLatch expect(int number) {
    CountDownLatch told = new CountDownLatch(clients);
    expected = new Expected(number, told);
    return told;
  }

  abstract void publish(int number) throws Exception;

  /** Records that a client was notified of a release. */
  final void heard(int number) {
    Expected now = expected;
    if (now.number() == number) {
      now.told().countDown();
    }
  }

  /** Closes many at a time: each waits for threads of its own to end. */
  static <T> void closeAll(List<T> all, Consumer<T> close) {
    ExecutorService threads = Executors.newFixedThreadPool(CLOSERS);
    all.forEach(each -> threads.execute(() -> close.accept(each)));
    threads.shutdown();
    try {
      if (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
        throw new IllegalStateException("clients do not close");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** About a kilobyte, with its number in front. */
  static String text(int number) {
    StringBuilder text = new StringBuilder("number=" + number + "\n");
    for (int i = 0; i < 24; i++) {
      text.append("limit-").append(i).append("=some value that is a bit long ").append(i + number);
      text.append('\n');
    }
    return text.toString();
  }

  /** Zookit. */
  private static final class Stores extends ConfigFleet {
    private final List<ZkClient> connected = new ArrayList<>();
    private final ConfigStore publisher;

    Stores(String address, int clients) throws InterruptedException {
      super(clients);
      for (int i = 0; i <= clients; i++) {
        connected.add(ZkClient.builder(address).start());
      }
      publisher = ConfigStore.in(connected.get(0));
      CountDownLatch first = expect(0);
      publish(0);
      for (ZkClient client : connected.subList(1, connected.size())) {
        ConfigStore.in(client)
            .follow(NAMESPACE)
            .subscribe(snapshot -> heard(Integer.parseInt(snapshot.get("number").orElseThrow())));
      }
      first.await();
    }

    @Override
    void publish(int number) throws InterruptedException {
      publisher.publish(NAMESPACE, Content.properties(text(number)), Change.by("bench"));
    }

    @Override
    public void close() {
      closeAll(connected, ZkClient::close);
    }
  }

  /** Curator's cache of one node. */
  private static final class Caches extends ConfigFleet {
    private static final String PATH = "/bench-curator-config";

    private final List<CuratorFramework> connected = new ArrayList<>();

    Caches(String address, int clients) throws Exception {
      super(clients);
      for (int i = 0; i <= clients; i++) {
        CuratorFramework client = CuratorFrameworkFactory.builder()
            .connectString(address)
            .sessionTimeoutMs(15_000)
            .retryPolicy(new ExponentialBackoffRetry(100, 5))
            .build();
        client.start();
        connected.add(client);
      }
      CountDownLatch first = expect(0);
      connected.get(0).create().orSetData().forPath(PATH, bytes(0));
      for (CuratorFramework client : connected.subList(1, connected.size())) {
        CuratorCache cache =
            CuratorCache.build(client, PATH, CuratorCache.Options.SINGLE_NODE_CACHE);
        cache
            .listenable()
            .addListener(CuratorCacheListener.builder()
                .forCreatesAndChanges((before, now) -> heard(number(now.getData())))
                .build());
        cache.start();
      }
      first.await();
    }

    @Override
    void publish(int number) throws Exception {
      connected.get(0).setData().forPath(PATH, bytes(number));
    }

    private static byte[] bytes(int number) {
      return text(number).getBytes(StandardCharsets.UTF_8);
    }

    private static int number(byte[] data) {
      String text = new String(data, StandardCharsets.UTF_8);
      return Integer.parseInt(text.substring(text.indexOf('=') + 1, text.indexOf('\n')));
    }

    @Override
    public void close() {
      closeAll(connected, CuratorFramework::close);
    }
  }
}
