package io.zookit.id;

import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.id.internal.sequence.NumberLines;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ZkServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryForever;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A server, a root of its own, and clients with or without a proxy in front of them; closes all of it after each test. */
public final class IdWorld implements AutoCloseable, AfterEachCallback {

  /** The limit of calls. */
  public static final Duration LONG = Duration.ofSeconds(60);

  /** Work of an operator with a plain client. */
  public interface OperatorTask {
    void run(ZooKeeper admin) throws Exception;
  }

  private final ZkServer server;
  private final String root;
  private final List<AutoCloseable> open = new ArrayList<>();

  public IdWorld(ZkServer server, String root) {
    this.server = server;
    this.root = root;
  }

  public String root() {
    return root;
  }

  public String path(String name) {
    return root + "/ids/" + name;
  }

  public ZkClient client(String label) {
    return client(label, server.connectString());
  }

  public ZkClient client(String label, FaultProxy proxy) {
    return client(label, proxy.connectString());
  }

  private ZkClient client(String label, String address) {
    return keep(ZkClient.builder(address)
        .connectTimeout(Duration.ofMinutes(1))
        .root(root)
        .label(label)
        .sessionTimeout(Duration.ofSeconds(30))
        .connect());
  }

  /** A client whose counters are replaced early. */
  public ZkClient clientRollingAt(int version, String label) {
    ZkClient client = client(label);
    CoreClient.of(client).engine(NumberLines.class, core -> new NumberLines(core, version));
    return client;
  }

  public FaultProxy proxy() {
    return keep(FaultProxy.to(server));
  }

  /** A started Curator client that retries for a long time, as its users have it. */
  public CuratorFramework curator(FaultProxy proxy) {
    CuratorFramework curator = CuratorFrameworkFactory.builder()
        .connectString(proxy.connectString())
        .sessionTimeoutMs(30_000)
        .retryPolicy(new RetryForever(100))
        .ensembleTracker(false)
        .build();
    curator.start();
    return keep(curator);
  }

  /** Does what an operator does with a plain client. */
  public void operate(OperatorTask task) throws Exception {
    try (ZooKeeper admin = new ZooKeeper(server.connectString(), 30_000, event -> {})) {
      task.run(admin);
    }
  }

  /** Deletes a name, as an operator does by mistake. */
  public void delete(String name) throws Exception {
    operate(admin -> {
      admin.delete(path(name) + "/~n", -1);
      admin.delete(path(name), -1);
    });
  }

  public <T extends AutoCloseable> T keep(T closeable) {
    open.add(0, closeable);
    return closeable;
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    close();
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    open.clear();
  }
}
