package io.zookit.group;

import io.zookit.core.ZkClient;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ZkServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A server, a root of its own, and clients with or without a proxy in front of them; closes all of it after each test. */
final class GroupWorld implements AutoCloseable, AfterEachCallback {

  /** The limit of waits. */
  static final Duration LONG = Duration.ofSeconds(60);

  /** Work of an operator with a plain client. */
  interface OperatorTask {
    void run(ZooKeeper admin) throws Exception;
  }

  private final ZkServer server;
  private final String root;
  private final List<AutoCloseable> open = new ArrayList<>();

  GroupWorld(ZkServer server, String root) {
    this.server = server;
    this.root = root;
  }

  String root() {
    return root;
  }

  String path(String name) {
    return root + "/groups/" + name;
  }

  ZkClient client(String label) {
    return client(label, server.connectString(), Duration.ofSeconds(30));
  }

  ZkClient client(String label, Duration session) {
    return client(label, server.connectString(), session);
  }

  ZkClient client(String label, FaultProxy proxy) {
    return client(label, proxy.connectString(), Duration.ofSeconds(30));
  }

  private ZkClient client(String label, String address, Duration session) {
    return keep(ZkClient.builder(address)
        .connectTimeout(Duration.ofMinutes(1))
        .root(root)
        .label(label)
        .sessionTimeout(session)
        .connect());
  }

  FaultProxy proxy() {
    return keep(FaultProxy.to(server));
  }

  /** Does what an operator does with a plain client. */
  void operate(OperatorTask task) throws Exception {
    try (ZooKeeper admin = new ZooKeeper(server.connectString(), 30_000, event -> {})) {
      task.run(admin);
    }
  }

  <T extends AutoCloseable> T keep(T closeable) {
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
