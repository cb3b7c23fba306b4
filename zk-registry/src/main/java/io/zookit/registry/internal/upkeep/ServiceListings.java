package io.zookit.registry.internal.upkeep;

import io.zookit.core.ZkException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle.Node;
import io.zookit.registry.ConsumerPresence;
import io.zookit.registry.HeartbeatReport;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.health.PhiDetector;
import io.zookit.registry.internal.runtime.RegistryRuntime;
import io.zookit.registry.internal.store.NodeName;
import io.zookit.registry.internal.store.NodeRef;
import io.zookit.registry.internal.store.PipelinedReads;
import io.zookit.registry.internal.store.ServicePaths;
import io.zookit.registry.internal.store.StoredHeartbeat;
import io.zookit.registry.internal.store.StoredPresence;
import io.zookit.registry.policy.ServicePolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.zookeeper.KeeperException.Code;

/** Reads which services, policies and consumers exist in ZooKeeper. */
public final class ServiceListings {

  /** The period of a heartbeat that cannot be decoded, in milliseconds. */
  private static final long UNKNOWN_PERIOD = 10_000;

  private final RegistryRuntime runtime;
  private final CoreClient client;

  public ServiceListings(RegistryRuntime runtime) {
    this.runtime = runtime;
    this.client = runtime.client();
  }

  /** The names of all services, in their order. */
  public List<String> services() throws InterruptedException {
    return List.copyOf(servicesIn(ServicePaths.services(client)));
  }

  /** The services that have a folder in a folder; nodes with other names are left out. */
  Set<String> servicesIn(ZkPath folder) throws InterruptedException {
    Set<String> services = new TreeSet<>(children(folder).orElse(List.of()));
    services.removeIf(name -> !ZkPath.isName(name, name.length()));
    return services;
  }

  /**
   * The policies of all services. Lists the services to find those that have one; policies are so large that they are
   * read by a request each, all in one flight, because several might not fit into one answer.
   */
  public ServiceRegistry.Policies policies() throws InterruptedException {
    List<String> services = services();
    List<ServicePaths> places = withPolicy(services);
    ZkPath folder = ServicePaths.services(client);
    List<ZkPath> nodes = places.stream().map(ServicePaths::policy).toList();
    List<Answer<Node>> read =
        runtime.askAll(folder, (handle, reply) -> PipelinedReads.data(handle, nodes, reply));
    Map<String, ServicePolicy> policies = new TreeMap<>();
    services.forEach(service -> policies.put(service, ServicePolicy.NONE));
    Map<String, String> unreadable = new TreeMap<>();
    for (int i = 0; i < places.size(); i++) {
      String service = places.get(i).service();
      try {
        policies.put(service, ZkPolicyStore.policyIn(places.get(i), read.get(i)));
      } catch (ZkException e) {
        policies.remove(service);
        unreadable.put(service, String.valueOf(e.getMessage()));
      }
    }
    return new ServiceRegistry.Policies(policies, unreadable);
  }

  /** The services that have a policy, and those whose folder cannot be listed. */
  private List<ServicePaths> withPolicy(List<String> services) throws InterruptedException {
    List<ServicePaths> places =
        services.stream().map(service -> new ServicePaths(client, service)).toList();
    List<String> folders = places.stream().map(place -> place.path().value()).toList();
    List<Answer<List<String>>> listed = runtime.askAll(
        ServicePaths.services(client),
        (handle, reply) -> Multi.listChildren(handle, folders, reply));
    List<ServicePaths> with = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      Answer<List<String>> children = listed.get(i);
      if (children.isOk()
          ? children.get().contains(ServicePaths.POLICY)
          : children.code() != Code.NONODE) {
        with.add(places.get(i));
      }
    }
    return with;
  }

  /** The consumers of a service that announce their presence. */
  public List<ConsumerPresence> consumers(ServicePaths place) throws InterruptedException {
    List<String> names = children(place.consumers()).orElse(List.of());
    List<Answer<Node>> read =
        read(place.consumers(), names.stream().map(place.consumers()::own).toList());
    List<ConsumerPresence> present = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (read.get(i).isOk()) {
        present.add(StoredPresence.decode(names.get(i), read.get(i).get().data()));
      }
    }
    return List.copyOf(present);
  }

  /** The last heartbeats of a service; of two nodes of one id that of the newer one. */
  public List<HeartbeatReport> heartbeats(ServicePaths place) throws InterruptedException {
    List<NodeRef> refs = new ArrayList<>();
    for (String bucket : children(place.beats()).orElse(List.of())) {
      for (String name : children(place.beatBucket(bucket)).orElse(List.of())) {
        if (NodeName.isValid(name)) {
          refs.add(new NodeRef(bucket, name));
        }
      }
    }
    List<Answer<Node>> read = read(place.beats(), refs.stream().map(place::beat).toList());
    long newest = read.stream()
        .filter(Answer::isOk)
        .mapToLong(beat -> beat.get().stat().getMtime())
        .max()
        .orElse(0);
    Map<String, Node> latest = new TreeMap<>();
    for (int i = 0; i < refs.size(); i++) {
      String id = NodeName.parse(refs.get(i).name()).orElseThrow().id();
      if (read.get(i).isOk()) {
        latest.merge(id, read.get(i).get(), ServiceListings::newer);
      }
    }
    return latest.entrySet().stream()
        .map(beat -> report(beat.getKey(), beat.getValue(), newest))
        .toList();
  }

  private static Node newer(Node one, Node other) {
    return one.stat().getCzxid() > other.stat().getCzxid() ? one : other;
  }

  private static HeartbeatReport report(String id, Node beat, long newest) {
    Optional<StoredHeartbeat> said = StoredHeartbeat.decode(beat.data());
    long period = Math.max(1, said.map(StoredHeartbeat::periodMillis).orElse(UNKNOWN_PERIOD));
    PhiDetector detector = new PhiDetector(period);
    detector.beat(beat.stat().getMtime());
    return new HeartbeatReport(
        id,
        Instant.ofEpochMilli(beat.stat().getMtime()),
        Duration.ofMillis(period),
        said.map(StoredHeartbeat::load).orElse(0.0),
        detector.phi(newest));
  }

  private List<Answer<Node>> read(ZkPath about, List<ZkPath> nodes) throws InterruptedException {
    List<String> paths = nodes.stream().map(ZkPath::value).toList();
    return runtime.askAll(about, (handle, reply) -> Multi.readNodes(handle, paths, reply));
  }

  /** The names of the children of a node; empty if it does not exist. */
  Optional<List<String>> children(ZkPath path) throws InterruptedException {
    return namesIn(path, runtime.ask(path, (handle, reply) -> handle.list(path, reply)));
  }

  /**
   * The names in the answer to a listing; empty if the node does not exist.
   *
   * @throws ZkException if ZooKeeper refused to show them
   */
  static Optional<List<String>> namesIn(ZkPath path, Answer<List<String>> listed) {
    if (!listed.isOk() && listed.code() != Code.NONODE) {
      throw new ZkException(path + ": cannot be listed, ZooKeeper answered " + listed.code());
    }
    return listed.isOk() ? Optional.of(listed.get()) : Optional.empty();
  }
}
