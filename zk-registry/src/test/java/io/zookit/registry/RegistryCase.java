package io.zookit.registry;

import io.zookit.core.Timekeeper;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.registry.internal.store.NodeName;
import io.zookit.registry.internal.store.StoredInstance;
import io.zookit.testkit.ManualTimekeeper;
import io.zookit.testkit.ZkNode;
import io.zookit.testkit.ZkServer;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/**
 * A root for each test, and parties that are closed after it. Classes run at the same time, so each has a server of its
 * own.
 */
abstract class RegistryCase {

  static final Duration LONG = Duration.ofSeconds(60);
  static final String SERVICE = "payments";

  final ZkServer server;
  final String root;
  private final List<Party> parties = new ArrayList<>();

  RegistryCase(ZkServerExtension zooKeeper) {
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
    return kept(new Party(server, root, grace, Timekeeper.system()));
  }

  /** A provider whose clock stands still, so that it never sets its own watch. */
  Party joinWithoutReconciler() throws InterruptedException {
    return kept(new Party(server, root, Duration.ZERO, new ManualTimekeeper()));
  }

  Party kept(Party party) {
    parties.add(party);
    return party;
  }

  static ServiceInstance instance(int number) {
    return ServiceInstance.at(SERVICE, "10.0.0.7", 8000 + number).withId("i" + number);
  }

  /** Registers once and leaves, so that the next registration is one create. */
  static void makeFolders(Party provider) throws Exception {
    provider
        .registry
        .register(instance(1))
        .awaitRegistered(LONG)
        .drain(Duration.ZERO)
        .join();
  }

  static List<Registration> registerMany(Party provider, int count) throws Exception {
    List<Registration> registrations = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      registrations.add(provider.registry.register(instance(i)));
    }
    awaitAll(registrations);
    return registrations;
  }

  static void awaitAll(List<Registration> registrations) throws Exception {
    for (Registration registration : registrations) {
      registration.awaitRegistered(LONG);
    }
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

  /** Their ids. */
  List<String> ids() {
    return nodes().stream().map(name -> NodeName.parse(name).orElseThrow().id()).toList();
  }

  /** The instance of a node. */
  static ServiceInstance decoded(String name, byte[] data) {
    NodeName node = NodeName.parse(name).orElseThrow();
    return ((Decoded.Value<ServiceInstance>) StoredInstance.decode(SERVICE, node, data)).value();
  }

  static List<String> ids(Collection<ServiceInstance> instances) {
    return instances.stream().map(ServiceInstance::id).toList();
  }
}
