package io.zookit.registry.internal.upkeep;

import io.zookit.core.ZkException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle.Node;
import io.zookit.registry.RegistryCleaner;
import io.zookit.registry.StaleEntry;
import io.zookit.registry.internal.runtime.RegistryRuntime;
import io.zookit.registry.internal.store.NodeName;
import io.zookit.registry.internal.store.ServicePaths;
import io.zookit.registry.policy.ServicePolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.Stat;

/**
 * Finds stale entries in ZooKeeper, and deletes them.
 *
 * <p>An empty service is deleted in one transaction, buckets first: if an instance has been registered meanwhile, a
 * bucket is not empty and nothing is deleted. A later registration re-creates the folders. The folders of its
 * heartbeats and consumers are deleted afterwards, each if it is empty.
 */
public final class ZkRegistryCleaner implements RegistryCleaner {

  private final RegistryRuntime runtime;
  private final CoreClient client;
  private final ServiceListings listings;

  public ZkRegistryCleaner(RegistryRuntime runtime) {
    this.runtime = runtime;
    this.client = runtime.client();
    this.listings = new ServiceListings(runtime);
  }

  /**
   * A service as it stands.
   *
   * @param children its buckets, and what operators say
   * @param nodes the names of all nodes in its buckets
   * @param policy what operators say; empty when that cannot be read or understood
   * @param policyCode how ZooKeeper answered the question for it
   * @param policyVersion −1 when they say nothing
   */
  public record ServiceContents(
      ServicePaths place,
      List<String> children,
      List<String> nodes,
      Optional<ServicePolicy> policy,
      Code policyCode,
      int policyVersion) {

    public boolean isEmpty() {
      return nodes.isEmpty() && policy.isPresent();
    }

    /** Requires a readable policy, without which stale entries cannot be determined. */
    void requirePolicy() {
      if (policy.isEmpty()) {
        throw policyCode == Code.OK
            ? ZkPolicyStore.malformed(place)
            : ZkPolicyStore.unreadable(place, policyCode);
      }
    }

    List<String> staleRules(Instant now) {
      Set<String> ids = new HashSet<>();
      nodes.forEach(name -> NodeName.parse(name).ifPresent(node -> ids.add(node.id())));
      return policy.orElse(ServicePolicy.NONE).instances().entrySet().stream()
          .filter(rule -> !rule.getValue().isInForce(now) || !ids.contains(rule.getKey()))
          .map(rule -> rule.getKey())
          .sorted()
          .toList();
    }
  }

  @Override
  public StaleListing listing() throws InterruptedException {
    sync();
    Set<String> all = listings.servicesIn(ServicePaths.services(client));
    all.addAll(listings.servicesIn(ServicePaths.beats(client)));
    all.addAll(listings.servicesIn(ServicePaths.consumers(client)));
    List<ServicePaths> places =
        all.stream().map(service -> new ServicePaths(client, service)).toList();
    ServiceTrees trees = ServiceTrees.read(runtime, places);
    List<StaleEntry> leftovers = new ArrayList<>();
    Map<String, String> unreadable = new TreeMap<>();
    for (ServicePaths place : places) {
      try {
        leftover(trees, place).ifPresent(leftovers::add);
      } catch (ZkException e) {
        unreadable.put(place.service(), String.valueOf(e.getMessage()));
      }
    }
    return new StaleListing(leftovers, unreadable);
  }

  private Optional<StaleEntry> leftover(ServiceTrees trees, ServicePaths place) {
    Optional<ServiceContents> contents = contents(trees, place);
    if (contents.isEmpty()) {
      return asides(trees, place).isEmpty()
          ? Optional.empty()
          : Optional.of(new StaleEntry(place.service(), true, List.of()));
    }
    contents.get().requirePolicy();
    List<String> rules = contents.get().staleRules(now());
    boolean empty = contents.get().isEmpty();
    return empty || !rules.isEmpty()
        ? Optional.of(new StaleEntry(place.service(), empty, rules))
        : Optional.empty();
  }

  @Override
  public boolean remove(StaleEntry leftover) throws InterruptedException {
    sync();
    ServicePaths place = new ServicePaths(client, leftover.service());
    ServiceTrees trees = ServiceTrees.read(runtime, List.of(place));
    Optional<ServiceContents> contents = contents(trees, place);
    if (!leftover.empty()) {
      return contents.isPresent() && removeRules(contents.get(), leftover.rules());
    }
    if (contents.isPresent() && !(contents.get().isEmpty() && removeService(contents.get()))) {
      return false;
    }
    for (ZkPath folder : asides(trees, place)) {
      delete(folder);
    }
    return true;
  }

  /** All of it, if nothing has come into it since. */
  public boolean removeService(ServiceContents contents) throws InterruptedException {
    ServicePaths place = contents.place;
    List<Op> deletions = new ArrayList<>();
    for (String child : contents.children) {
      boolean policy = child.equals(ServicePaths.POLICY);
      deletions.add(
          Op.delete(place.path().own(child).value(), policy ? contents.policyVersion : -1));
    }
    deletions.add(Op.delete(place.path().value(), -1));
    Answer<List<OpResult>> deleted =
        runtime.ask(place.path(), (handle, reply) -> handle.multi(deletions, reply));
    if (deleted.code() == Code.NOAUTH) {
      throw new ZkException(place + ": cannot be removed, ZooKeeper answered " + deleted.code());
    }
    return deleted.isOk();
  }

  /** Only those that are still stale, by the instances that were there after the policy was read. */
  private boolean removeRules(ServiceContents contents, List<String> ids)
      throws InterruptedException {
    Set<String> stale = new HashSet<>(contents.staleRules(now()));
    if (!stale.containsAll(ids)) {
      return false;
    }
    ServicePolicy after = contents.policy.orElse(ServicePolicy.NONE);
    for (String id : ids) {
      after = after.without(id);
    }
    byte[] data = after.encode();
    ZkPath path = contents.place.policy();
    Answer<Stat> set = runtime.ask(
        path, (handle, reply) -> handle.setData(path, data, contents.policyVersion, reply));
    return set.isOk();
  }

  /** Reads a service; empty if there is no such service. */
  public Optional<ServiceContents> contents(ServicePaths place) throws InterruptedException {
    return contents(ServiceTrees.read(runtime, List.of(place)), place);
  }

  private static Optional<ServiceContents> contents(ServiceTrees trees, ServicePaths place) {
    Optional<List<String>> children = trees.children(place.path());
    if (children.isEmpty()) {
      return Optional.empty();
    }
    Answer<Node> policy = trees.policy(place);
    List<String> nodes = new ArrayList<>();
    for (String child : children.get()) {
      if (!child.equals(ServicePaths.POLICY)) {
        nodes.addAll(trees.children(place.path().own(child)).orElse(List.of()));
      }
    }
    return Optional.of(new ServiceContents(
        place,
        children.get(),
        nodes,
        policy.isOk()
            ? ServicePolicy.decode(policy.get().data())
            : policy.code() == Code.NONODE ? Optional.of(ServicePolicy.NONE) : Optional.empty(),
        policy.code(),
        policy.isOk() ? policy.get().stat().getVersion() : -1));
  }

  /** Returns the empty heartbeat and consumer folders of a service, inner ones first. */
  private static List<ZkPath> asides(ServiceTrees trees, ServicePaths place) {
    List<ZkPath> empty = new ArrayList<>();
    Optional<List<String>> buckets = trees.children(place.beats());
    boolean beats = false;
    for (String bucket : buckets.orElse(List.of())) {
      if (trees.children(place.beatBucket(bucket)).orElse(List.of()).isEmpty()) {
        empty.add(place.beatBucket(bucket));
      } else {
        beats = true;
      }
    }
    if (buckets.isPresent() && !beats) {
      empty.add(place.beats());
    }
    if (trees.children(place.consumers()).filter(List::isEmpty).isPresent()) {
      empty.add(place.consumers());
    }
    return empty;
  }

  private void sync() throws InterruptedException {
    ZkPath services = ServicePaths.services(client);
    runtime.<Boolean>ask(services, (handle, reply) -> handle.sync(services, reply));
  }

  /** Unless something is in it. */
  private void delete(ZkPath folder) throws InterruptedException {
    runtime.<Boolean>ask(folder, (handle, reply) -> handle.delete(folder, -1, reply));
  }

  private Instant now() {
    return client.timekeeper().now();
  }

  @Override
  public String toString() {
    return "upkeep of services of " + client;
  }
}
