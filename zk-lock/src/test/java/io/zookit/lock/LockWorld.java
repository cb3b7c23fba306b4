package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.lock.internal.blocking.ReentrantHolds;
import io.zookit.lock.internal.guarded.GuardedStates;
import io.zookit.lock.internal.handoff.HandOffQueues;
import io.zookit.lock.internal.request.LockEngine;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ManualTimekeeper;
import io.zookit.testkit.ZkNode;
import io.zookit.testkit.ZkServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryForever;
import org.apache.zookeeper.ZooKeeper;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A server, a root of its own, and clients with or without a proxy before them; closes all it made, after each test when
 * it is registered as an extension.
 */
public final class LockWorld implements AutoCloseable, AfterEachCallback {

  public static final Duration LONG = Duration.ofSeconds(60);

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
  }

  private static final String NOTHING =
      "0 requests, 0 local queues, 0 entries and exits, 0 holds of threads, 0 deletes, 0 bytes";

  public final ZkServer server;
  public final String root;
  private final List<AutoCloseable> made = new ArrayList<>();

  public LockWorld(ZkServer server, String root) {
    this.server = server;
    this.root = root;
  }

  /** Watches of tests before go with their connections, which the server closes in its own time. */
  public void awaitNoWatch() {
    await().atMost(LONG).until(() -> server.watchCount() == 0);
  }

  public ZkClient client(String label) {
    return client(label, server.connectString(), Duration.ofSeconds(30));
  }

  public ZkClient client(String label, FaultProxy proxy, Duration session) {
    return client(label, proxy.connectString(), session);
  }

  public ZkClient client(String label, String address, Duration session) {
    return keep(ZkClient.builder(address)
        .connectTimeout(Duration.ofMinutes(1))
        .root(root)
        .label(label)
        .sessionTimeout(session)
        .connect());
  }

  /** Waits until the server has answered what clients have sent so far, such as the requests that set their watches. */
  public static void settle(ZkClient... clients) throws Exception {
    for (ZkClient client : clients) {
      CoreClient core = CoreClient.of(client);
      CompletableFuture<Boolean> answered = new CompletableFuture<>();
      core.loop()
          .execute(() -> core.handle()
              .orElseThrow()
              .exists(core.rootPath(), null, found -> answered.complete(found.isAnswered())));
      assertThat(answered.get(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
  }

  /** A client whose clock does not advance, so that it sends only what a test causes. */
  public ZkClient clientWithoutTimers(FaultProxy proxy) {
    return keep(ZkClient.builder(proxy.connectString())
        .connectTimeout(Duration.ofMinutes(1))
        .root(root)
        .label("counted")
        .sessionTimeout(Duration.ofSeconds(60))
        .timekeeper(new ManualTimekeeper())
        .connect());
  }

  /** A client over a Curator client that the test can reach, to end its session. */
  public ZkClient clientOver(CuratorFramework curator) {
    return keep(ZkClient.owning(curator).root(root).connect());
  }

  public CuratorFramework curator(String address) {
    return curator(address, Duration.ofSeconds(30));
  }

  CuratorFramework curator(String address, Duration session) {
    return CuratorFrameworkFactory.builder()
        .connectString(address)
        .sessionTimeoutMs((int) session.toMillis())
        .retryPolicy(new RetryForever(100))
        .ensembleTracker(false)
        .build();
  }

  /** The server ends the session; the client learns it later. */
  public void expire(CuratorFramework curator) throws Exception {
    server.expire(curator.getZookeeperClient().getZooKeeper().getSessionId());
  }

  public FaultProxy proxy() {
    return keep(FaultProxy.to(server));
  }

  /** The queue nodes of a lock, as the server has them, in order. */
  public List<ZkNode> queue(String lock) {
    String folder = queuePath(lock) + "/";
    return server.nodes(root).stream()
        .filter(node -> node.path().startsWith(folder))
        .sorted(Comparator.comparing(node -> node.path().substring(node.path().lastIndexOf('-'))))
        .toList();
  }

  public String queuePath(String lock) {
    return root + "/locks/" + lock + "/~q";
  }

  public void awaitQueue(String lock, int size) {
    await()
        .pollInterval(Duration.ofMillis(2))
        .atMost(LONG)
        .until(() -> queue(lock).size() == size);
  }

  /** Waits until nothing of any request of a client is left in it. */
  void awaitNoEntry(ZkClient of) {
    CoreClient client = CoreClient.of(of);
    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(() -> assertThat(entries(client)).isEqualTo(NOTHING));
  }

  private static String entries(CoreClient client) throws Exception {
    CompletableFuture<String> entries = new CompletableFuture<>();
    client
        .loop()
        .execute(() -> entries.complete(LockEngine.in(client).size() + " requests, "
            + HandOffQueues.in(client).size() + " local queues, "
            + GuardedStates.in(client).size() + " entries and exits, "
            + ReentrantHolds.in(client).size() + " holds of threads, "
            + client.debt().size() + " deletes, "
            + client.budget().used() + " bytes"));
    return entries.get(20, TimeUnit.SECONDS);
  }

  /** Deletes a node as an operator does with a plain client. */
  public void delete(String path) throws Exception {
    operate(admin -> admin.delete(path, -1));
  }

  /** The same, whatever it is. */
  public void operate(Operation operation) throws Exception {
    try (ZooKeeper admin = new ZooKeeper(server.connectString(), 10_000, event -> {})) {
      await().until(() -> admin.getState().isConnected());
      operation.by(admin);
    }
  }

  /** Something an operator does. */
  public interface Operation {
    void by(ZooKeeper admin) throws Exception;
  }

  public synchronized <T extends AutoCloseable> T keep(T thing) {
    made.add(0, thing);
    return thing;
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    close();
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable thing : made) {
      thing.close();
    }
  }
}
