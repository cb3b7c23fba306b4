package io.zookit.lock.barrier;

import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ZkNode;
import io.zookit.testkit.ZkServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryForever;
import org.awaitility.Awaitility;

/** A server, a root of its own, and clients; closes all it made. */
final class BarrierWorld implements AutoCloseable {

  static final Duration LONG = Duration.ofSeconds(60);
  static final Duration BRIEF = Duration.ofMillis(100);

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
  }

  final ZkServer server;
  final String root;
  private final List<AutoCloseable> made = new ArrayList<>();

  BarrierWorld(ZkServer server, String root) {
    this.server = server;
    this.root = root;
  }

  /** Watches of tests before go with their connections, which the server closes in its own time. */
  void awaitNoWatch() {
    Awaitility.await().atMost(LONG).until(() -> server.watchCount() == 0);
  }

  ZkClient client(String label) {
    return client(label, server.connectString());
  }

  ZkClient client(String label, String address) {
    return keep(ZkClient.builder(address)
        .connectTimeout(Duration.ofMinutes(1))
        .root(root)
        .label(label)
        .sessionTimeout(Duration.ofSeconds(20))
        .connect());
  }

  FaultProxy proxy() {
    return keep(FaultProxy.to(server));
  }

  CuratorFramework curator() {
    return curator(server.connectString());
  }

  CuratorFramework curator(String address) {
    return CuratorFrameworkFactory.builder()
        .connectString(address)
        .sessionTimeoutMs(30_000)
        .retryPolicy(new RetryForever(100))
        .ensembleTracker(false)
        .build();
  }

  ZkClient clientOver(CuratorFramework curator) {
    return keep(ZkClient.owning(curator).root(root).connect());
  }

  /** The server ends the session; the client learns it later. */
  void expire(CuratorFramework curator) throws Exception {
    server.expire(curator.getZookeeperClient().getZooKeeper().getSessionId());
  }

  /** The nodes right below a path under the root. */
  List<String> children(String path) {
    String folder = root + path + "/";
    return server.nodes(root).stream()
        .map(ZkNode::path)
        .filter(node -> node.startsWith(folder) && node.indexOf('/', folder.length()) < 0)
        .toList();
  }

  void awaitChildren(String path, int size) {
    await()
        .pollInterval(Duration.ofMillis(2))
        .atMost(LONG)
        .until(() -> children(path).size() == size);
  }

  /** Runs on a thread of its own. */
  static <T> CompletableFuture<T> elsewhere(Callable<T> task) {
    CompletableFuture<T> done = new CompletableFuture<>();
    Thread thread = new Thread(() -> {
      try {
        done.complete(task.call());
      } catch (Throwable e) {
        done.completeExceptionally(e);
      }
    });
    thread.setDaemon(true);
    thread.start();
    return done;
  }

  private synchronized <T extends AutoCloseable> T keep(T thing) {
    made.add(0, thing);
    return thing;
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable thing : made) {
      thing.close();
    }
  }
}
