package io.zookit.registry.internal.upkeep;

import io.zookit.core.ZkException;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionHandle.Node;
import io.zookit.registry.internal.runtime.RegistryRuntime;
import io.zookit.registry.internal.store.PipelinedReads;
import io.zookit.registry.internal.store.ServicePaths;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Nodes of some services in ZooKeeper: the names below them, below their heartbeats and their consumers, and
 * their policies. Immutable once read; the instances were listed after the policies were read.
 *
 * <p><i>Cost:</i> 6 round trips however many services there are: 1 request for each 128 services for the folders of
 * instances and one for those of heartbeats, 2 for each service, and 1 for each bucket.
 */
final class ServiceTrees {

  private final Map<ZkPath, Answer<List<String>>> listings = new HashMap<>();
  private final Map<ZkPath, Answer<Node>> policies = new HashMap<>();

  private ServiceTrees() {}

  /**
   * Reads services.
   *
   * @throws io.zookit.core.ZkUnavailableException if there is no answer to one of the requests in time
   */
  static ServiceTrees read(RegistryRuntime runtime, List<ServicePaths> places)
      throws InterruptedException {
    ServiceTrees trees = new ServiceTrees();
    if (places.isEmpty()) {
      return trees;
    }
    List<ZkPath> services = places.stream().map(ServicePaths::path).toList();
    List<ZkPath> beats = places.stream().map(ServicePaths::beats).toList();
    List<ZkPath> policies = places.stream().map(ServicePaths::policy).toList();
    trees.list(runtime, services, ServiceTrees::listSmall);
    trees.list(runtime, beats, ServiceTrees::listSmall);
    trees.list(
        runtime, places.stream().map(ServicePaths::consumers).toList(), ServiceTrees::listLarge);
    List<Answer<Node>> read = runtime.askAll(
        policies.get(0), (handle, reply) -> PipelinedReads.data(handle, policies, reply));
    for (int i = 0; i < policies.size(); i++) {
      trees.policies.put(policies.get(i), read.get(i));
    }
    trees.list(
        runtime,
        trees.below(services, name -> !name.equals(ServicePaths.POLICY)),
        ServiceTrees::listLarge);
    trees.list(runtime, trees.below(beats, name -> true), ServiceTrees::listLarge);
    return trees;
  }

  /** Sends the requests of some listings. */
  private interface ListingRequests {
    void send(SessionHandle handle, List<ZkPath> nodes, Consumer<List<Answer<List<String>>>> reply);
  }

  private static void listSmall(
      SessionHandle handle, List<ZkPath> nodes, Consumer<List<Answer<List<String>>>> reply) {
    Multi.listChildren(handle, nodes.stream().map(ZkPath::value).toList(), reply);
  }

  private static void listLarge(
      SessionHandle handle, List<ZkPath> nodes, Consumer<List<Answer<List<String>>>> reply) {
    PipelinedReads.list(handle, nodes, reply);
  }

  private void list(RegistryRuntime runtime, List<ZkPath> nodes, ListingRequests requests)
      throws InterruptedException {
    if (!nodes.isEmpty()) {
      List<Answer<List<String>>> listed =
          runtime.askAll(nodes.get(0), (handle, reply) -> requests.send(handle, nodes, reply));
      for (int i = 0; i < nodes.size(); i++) {
        listings.put(nodes.get(i), listed.get(i));
      }
    }
  }

  private List<ZkPath> below(List<ZkPath> nodes, Predicate<String> filter) {
    List<ZkPath> below = new ArrayList<>();
    for (ZkPath node : nodes) {
      Answer<List<String>> listed = Objects.requireNonNull(listings.get(node));
      if (listed.isOk()) {
        listed.get().stream().filter(filter).forEach(name -> below.add(node.own(name)));
      }
    }
    return below;
  }

  /**
   * Returns the names of the children of a node that was listed; empty if it does not exist.
   *
   * @throws ZkException if ZooKeeper refused to show them
   */
  Optional<List<String>> children(ZkPath path) {
    Answer<List<String>> listed = Objects.requireNonNull(listings.get(path), path::value);
    return ServiceListings.namesIn(path, listed);
  }

  /** Returns the answer to the read of a policy. */
  Answer<Node> policy(ServicePaths place) {
    return Objects.requireNonNull(policies.get(place.policy()), place::service);
  }
}
