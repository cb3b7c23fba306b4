package io.zookit.registry;

import io.zookit.testkit.ZkNode;
import io.zookit.testkit.ZkServer;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A server for all tests of a class, a root for each test, and parties that are closed after it. */
abstract class RegistryCase {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  static final Duration LONG = Duration.ofSeconds(10);
  static final String SERVICE = "payments";

  ZkServer server;
  String root;
  private final List<Party> parties = new ArrayList<>();

  @BeforeEach
  void start() {
    server = zooKeeper.server();
    root = zooKeeper.freshRoot();
  }

  @AfterEach
  void closeParties() {
    parties.forEach(Party::close);
  }

  Party join() throws InterruptedException {
    return join(Duration.ofMillis(100));
  }

  Party join(Duration grace) throws InterruptedException {
    return kept(new Party(server, root, grace, io.zookit.core.Timekeeper.system()));
  }

  Party kept(Party party) {
    parties.add(party);
    return party;
  }

  static ServiceInstance instance(int number) {
    return ServiceInstance.at(SERVICE, "10.0.0.7", 8000 + number).withId("i" + number);
  }

  /** The nodes of the instances of the service, as the server has them. */
  List<String> nodes() {
    String folder = root + "/services/" + SERVICE + "/~b";
    return server.nodes(root).stream()
        .filter(ZkNode::ephemeral)
        .map(ZkNode::path)
        .filter(path -> path.startsWith(folder))
        .map(path -> path.substring(path.lastIndexOf('/') + 1))
        .toList();
  }

  static List<String> ids(Collection<ServiceInstance> instances) {
    return instances.stream().map(ServiceInstance::id).toList();
  }
}
