package io.zookit.registry.internal.selection;

import io.zookit.registry.health.OutlierRule;
import io.zookit.registry.policy.ServicePolicy;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Inputs of the selection of the instances that may be chosen. Immutable.
 *
 * @param nodes one for each id, in the order of the ids
 * @param serverMillis the newest time stamp of a server that was seen, in milliseconds
 * @param policy the operators' policy
 * @param ejections instances that this process does not call because of its own results
 * @param suspicions reasons why instances are suspected, by the names of their nodes
 * @param quarantine instances that vanished without a goodbye
 */
public record SelectionInputs(
    List<LiveNode> nodes,
    long serverMillis,
    ServicePolicy policy,
    Ejections ejections,
    Map<String, String> suspicions,
    Quarantine quarantine) {

  static SelectionInputs none(OutlierRule rule) {
    return new SelectionInputs(
        List.of(), 0, ServicePolicy.NONE, Ejections.none(rule), Map.of(), Quarantine.EMPTY);
  }

  /** The same with the nodes that ZooKeeper has now. */
  public SelectionInputs withNodes(List<LiveNode> now, long serverTime) {
    long newest = Math.max(serverMillis, serverTime);
    return new SelectionInputs(now, newest, policy, ejections, suspicions, quarantine);
  }

  /** The same with another policy. */
  public SelectionInputs withPolicy(ServicePolicy now) {
    return new SelectionInputs(nodes, serverMillis, now, ejections, suspicions, quarantine);
  }

  SelectionInputs withEjections(Ejections now) {
    return new SelectionInputs(nodes, serverMillis, policy, now, suspicions, quarantine);
  }

  SelectionInputs withQuarantine(Quarantine now) {
    return new SelectionInputs(nodes, serverMillis, policy, ejections, suspicions, now);
  }

  private SelectionInputs withSuspicions(Map<String, String> now) {
    return new SelectionInputs(nodes, serverMillis, policy, ejections, Map.copyOf(now), quarantine);
  }

  /** The same, with the instance of a node suspected for a reason, or no longer. */
  public SelectionInputs withSuspicion(String name, Optional<String> reason) {
    if (reason.equals(Optional.ofNullable(suspicions.get(name)))) {
      return this;
    }
    Map<String, String> changed = new HashMap<>(suspicions);
    reason.ifPresentOrElse(why -> changed.put(name, why), () -> changed.remove(name));
    return withSuspicions(changed);
  }

  /** The same without the suspicions of other nodes. */
  SelectionInputs withSuspicionsOf(Collection<String> names) {
    Map<String, String> left = new HashMap<>(suspicions);
    return left.keySet().retainAll(names) ? withSuspicions(left) : this;
  }

  /** The same with instances of an earlier run of this process, which may or may not still exist. */
  public SelectionInputs withRestored(Collection<LiveNode> stored, SelectionTime now) {
    List<ServiceMember> members = stored.stream()
        .map(node -> ServiceMember.first(node, serverMillis, now.nanos()))
        .toList();
    return withQuarantine(quarantine.withRestored(members, now.nanos()));
  }

  /** The same without an instance that vanished and is certainly dead; this object if it is not remembered. */
  public SelectionInputs withoutVanished(ServiceMember member) {
    Quarantine left = quarantine.without(member);
    return left == quarantine ? this : withQuarantine(left);
  }

  /** Returns the names of all nodes. */
  public Set<String> names() {
    Set<String> names = new HashSet<>();
    nodes.forEach(each -> names.add(each.name()));
    return names;
  }

  /** Returns whether nothing applies to single instances: no rule, ejection, suspicion or quarantine. */
  boolean isUniform() {
    return policy.instances().isEmpty()
        && ejections.isEmpty()
        && suspicions.isEmpty()
        && quarantine.isEmpty();
  }
}
