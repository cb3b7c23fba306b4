package io.zookit.config;

import static org.awaitility.Awaitility.await;

import io.zookit.config.gray.Instance;
import io.zookit.core.ZkClient;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ZkNode;
import io.zookit.testkit.ZkServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.ZooKeeper;
import org.awaitility.core.ConditionFactory;

/** A server, a root of its own, and clients with or without a proxy before them; closes all it made. */
final class ConfigWorld implements AutoCloseable {

  static final Duration LONG = Duration.ofSeconds(60);
  static final Change ANA = Change.by("ana").because("test");
  static final Change BOB = Change.by("bob").because("test");
  static final Namespace LIMITS = Namespace.of("prod", "checkout", "limits");
  static final Namespace PRICES = Namespace.of("prod", "checkout", "prices");

  final ZkServer server;
  final String root;
  private final List<AutoCloseable> made = new ArrayList<>();

  ConfigWorld(ZkServer server, String root) {
    this.server = server;
    this.root = root;
  }

  ZkClient client() {
    return client(server.connectString(), Duration.ofSeconds(30));
  }

  ZkClient client(String address, Duration session) {
    return keep(ZkClient.builder(address)
        .connectTimeout(Duration.ofMinutes(1))
        .root(root)
        .sessionTimeout(session)
        .connect());
  }

  ConfigStore store() {
    return ConfigStore.in(client());
  }

  /** A store of its own client, as an instance. */
  ConfigStore instance(String id) {
    return ConfigStore.builder(client()).instance(Instance.named(id)).build();
  }

  FaultProxy proxy() {
    return keep(FaultProxy.to(server));
  }

  String path(Namespace ns) {
    return root + "/config/" + ns.env() + "/apps/" + ns.app() + "/" + ns.name();
  }

  List<ZkNode> below(String path) {
    return server.nodes(path);
  }

  /** A client without Zookit, as an operator has one. */
  ZooKeeper plain() throws Exception {
    ZooKeeper admin = keep(new ZooKeeper(server.connectString(), 10_000, event -> {}));
    await().until(() -> admin.getState().isConnected());
    return admin;
  }

  static ConditionFactory soon() {
    return await().pollInterval(Duration.ofMillis(5)).atMost(LONG);
  }

  static Content numbers(int n) {
    return Content.properties("a=" + n + "\nb=" + n + "\n");
  }

  synchronized <T extends AutoCloseable> T keep(T thing) {
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
