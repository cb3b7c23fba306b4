package io.zookit.registry.internal.catalog;

import io.zookit.core.ZkException;
import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle.Node;
import io.zookit.registry.InstanceStatus;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceSummary;
import io.zookit.registry.internal.store.NodeName;
import io.zookit.registry.internal.store.NodeRef;
import io.zookit.registry.internal.store.ServicePaths;
import io.zookit.registry.internal.store.StoredInstance;
import io.zookit.registry.internal.upkeep.ZkPolicyStore;
import io.zookit.registry.policy.InstanceRule;
import io.zookit.registry.policy.ServicePolicy;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.zookeeper.KeeperException.Code;

/** State of one service in the catalog. Used on the loop. */
final class CatalogEntry {

  /** A node of an instance: of two nodes with one id, the one with the greater czxid counts, or nonce. */
  private record RegisteredNode(NodeName name, long czxid, boolean isUp) {}

  private final ServicePaths place;
  private final Map<NodeRef, RegisteredNode> nodes = new HashMap<>();
  private ServicePolicy policy = ServicePolicy.NONE;
  private Optional<String> policyProblem = Optional.empty();
  private Optional<String> folderProblem = Optional.empty();

  CatalogEntry(ServicePaths place) {
    this.place = place;
  }

  /** The folder, or one of its buckets, cannot be read. */
  void unreadable(String reason) {
    folderProblem = Optional.of(reason);
  }

  /** A node was read, or does not exist; one that cannot be decoded does not count. */
  void read(NodeRef ref, Answer<Node> answer) {
    Optional<NodeName> name = NodeName.parse(ref.name());
    if (answer.isOk()
        && name.isPresent()
        && StoredInstance.decode(place.service(), name.get(), answer.get().data())
            instanceof Decoded.Value<ServiceInstance> decoded) {
      boolean isUp = decoded.value().status() == InstanceStatus.UP;
      long czxid = answer.get().stat().getCzxid();
      nodes.put(ref, new RegisteredNode(name.get(), czxid, isUp));
    } else if (answer.isOk() || answer.code() == Code.NONODE) {
      nodes.remove(ref);
    }
  }

  void deleted(NodeRef ref) {
    nodes.remove(ref);
  }

  /** The policy was read; one that cannot be understood leaves the last in force. */
  void readPolicy(Answer<Node> answer) {
    try {
      policy = ZkPolicyStore.policyIn(place, answer);
      policyProblem = Optional.empty();
    } catch (ZkException e) {
      policyProblem = Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** Returns the time at which the next rule expires. */
  Optional<Instant> nextExpiry(Instant now) {
    return policy.instances().values().stream()
        .flatMap(rule -> rule.until().stream())
        .filter(now::isBefore)
        .min(Instant::compareTo);
  }

  ServiceSummary summary(Instant now) {
    Map<String, RegisteredNode> latest = new HashMap<>();
    nodes.values().forEach(node -> latest.merge(node.name.id(), node, CatalogEntry::newer));
    int healthy = 0;
    int disabled = 0;
    int draining = 0;
    int circuits = 0;
    for (RegisteredNode node : latest.values()) {
      InstanceRule rule = policy.rule(node.name.id(), now).orElse(NO_RULE);
      healthy += node.isUp && !rule.disabled() && !rule.drain() ? 1 : 0;
      disabled += rule.disabled() ? 1 : 0;
      draining += rule.drain() ? 1 : 0;
      circuits += rule.circuit().isPresent() ? 1 : 0;
    }
    return new ServiceSummary(
        place.service(),
        latest.size(),
        healthy,
        disabled,
        draining,
        circuits,
        policy.routes().size(),
        folderProblem.or(() -> policyProblem));
  }

  private static final InstanceRule NO_RULE = InstanceRule.by("");

  private static RegisteredNode newer(RegisteredNode one, RegisteredNode other) {
    int order = Long.compare(one.czxid, other.czxid);
    if (order == 0) {
      order = Long.compareUnsigned(one.name.nonce(), other.name.nonce());
    }
    return order > 0 ? one : other;
  }
}
