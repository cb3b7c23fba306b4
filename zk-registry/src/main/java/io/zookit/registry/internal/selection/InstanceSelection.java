package io.zookit.registry.internal.selection;

import io.zookit.core.Timekeeper;
import io.zookit.registry.ChangeCause;
import io.zookit.registry.InstanceStatus;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.balance.CallStats;
import io.zookit.registry.health.OutlierRule;
import io.zookit.registry.internal.store.NodeRef;
import io.zookit.registry.policy.InstanceRule;
import io.zookit.registry.policy.ServicePolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Selects the instances that may be called, from the nodes in ZooKeeper, the operators' policy, the instances that
 * vanished, and those that this process found broken. Pure; used by one thread at a time.
 *
 * <p>In this order: an instance that is not UP, has no weight or is disabled by an operator is out in any case. Of the
 * rest, those that are ejected or suspected are out, unless none would be left. If too few are left altogether, those
 * in {@link Quarantine} stay in.
 */
public final class InstanceSelection {

  /** A member, and where its node is. */
  public record Placed(NodeRef ref, ServiceMember member) {}

  private static final Duration LONG = Duration.ofDays(30);

  private final Timekeeper timekeeper;
  private final Quarantine quarantine = new Quarantine();
  private final Ejections ejections;
  private final Map<String, String> suspicions = new HashMap<>();
  private final Map<String, String> reasons = new TreeMap<>();
  private List<LiveNode> live = List.of();
  private List<ServiceMember> members = List.of();
  private List<ServiceMember> eligible = List.of();
  private ServiceSnapshot snapshot;

  /** Tells if everybody that was there could be chosen, and what alone has changed since; none when that is not all. */
  private boolean isAllEligible;

  private @Nullable List<InstanceChange> incremental;
  private final ChangeDiff diff = new ChangeDiff();
  private ServicePolicy policy = ServicePolicy.NONE;
  private long serverMillis;

  public InstanceSelection(Timekeeper timekeeper, OutlierRule rule) {
    this.timekeeper = timekeeper;
    this.ejections = new Ejections(rule);
    this.snapshot = ServiceSnapshot.ofAll(List.of(), List.of(), List.of(), timekeeper);
  }

  /** Sets the policy that applies from now on. */
  public void applyPolicy(ServicePolicy said) {
    policy = said;
  }

  /** Starts with what an earlier run of this process knew. */
  public void restore(Collection<LiveNode> stored) {
    quarantine.restore(stored.stream().map(each -> member(each, Instant.MIN)).toList(), now());
  }

  /**
   * Sets the nodes that ZooKeeper has now.
   *
   * @param all one node for each id, in the order of the ids
   * @param serverTime the newest stamp of a server that was seen, in milliseconds
   */
  public void update(List<LiveNode> all, Collection<InstanceChange> changes, long serverTime) {
    live = all;
    serverMillis = Math.max(serverMillis, serverTime);
    for (InstanceChange change : changes) {
      if (change.cause() == ChangeCause.VANISHED && change.before() != null) {
        lastSeen(change.id()).ifPresent(last -> quarantine.add(last, now()));
      }
    }
    boolean only = isAllEligible
        && changes.stream().allMatch(InstanceSelection::keepsAllEligible)
        && changes.stream().map(InstanceChange::id).distinct().count() == changes.size();
    incremental = only ? List.copyOf(changes) : null;
    isAllEligible = false;
  }

  /** Returns whether a change adds no instance that may not be chosen, and none to quarantine. */
  private static boolean keepsAllEligible(InstanceChange change) {
    return change.after() == null
        ? change.cause() == ChangeCause.LEFT
        : ServiceMember.takesCalls(change.after());
  }

  /** Those that vanished and are remembered. */
  public List<ServiceMember> vanished() {
    return quarantine.all();
  }

  /** One that vanished is dead for certain; whether it was still remembered. */
  public boolean removeVanished(ServiceMember member) {
    return quarantine.remove(member);
  }

  /** A silence is suspicious, or not any more. */
  public boolean suspect(String name, Optional<String> why) {
    return why.isPresent()
        ? !why.get().equals(suspicions.put(name, why.get()))
        : suspicions.remove(name) != null;
  }

  /** Evaluates a member after a call of this process, and returns whether the selection may have changed. */
  public boolean onCallResult(ServiceMember member) {
    return ejections.evaluate(member, eligible, now());
  }

  /** Returns the next time at which an instance comes back or is forgotten without any other event. */
  public Optional<Long> nextDeadline() {
    return Stream.of(
            quarantine.nextDeadline(),
            ejections.nextDeadline(),
            policy.instances().values().stream()
                .flatMap(rule -> rule.until().stream())
                .map(until -> Duration.between(timekeeper.now(), until))
                .filter(left -> !left.isNegative() && left.compareTo(LONG) < 0)
                .map(left -> now() + left.toNanos())
                .min(Long::compare))
        .flatMap(Optional::stream)
        .min(Long::compare);
  }

  /** Returns the members that could be called if none were ejected or suspected, with their nodes. */
  public List<Placed> placed() {
    return eligible.stream().map(each -> new Placed(each.node().ref(), each)).toList();
  }

  /** The names of all nodes. */
  public Set<String> names() {
    return namesOf(live);
  }

  /** The service as it is now. */
  public ServiceSnapshot snapshot() {
    List<InstanceChange> only = incremental;
    incremental = null;
    reasons.clear();
    ServiceSnapshot now =
        only != null && isQuiet() ? patched(only, snapshot) : rebuilt(timekeeper.now());
    isAllEligible = isQuiet() && eligible == members;
    snapshot = now;
    return now;
  }

  /** Returns whether nothing applies to single instances: no rule, ejection, suspicion or quarantine. */
  private boolean isQuiet() {
    return policy.instances().isEmpty()
        && ejections.isEmpty()
        && suspicions.isEmpty()
        && quarantine.isEmpty();
  }

  /** After changes that keep all eligible: costs as much as there are changes, however many instances there are. */
  private ServiceSnapshot patched(List<InstanceChange> changes, ServiceSnapshot before) {
    List<InstanceChange> sorted =
        changes.stream().sorted(Comparator.comparing(InstanceChange::id)).toList();
    SortedListPatch patch = SortedListPatch.at(
        sorted.stream().map(InstanceChange::id).toList(),
        members.size(),
        i -> members.get(i).id());
    Instant wall = timekeeper.now();
    List<Optional<ServiceMember>> next = sorted.stream()
        .map(each -> each.after() == null
            ? Optional.<ServiceMember>empty()
            : node(each.id()).map(node -> member(node, wall)))
        .toList();
    members = patch.apply(members, next);
    eligible = members;
    quarantine.update(members, eligible, now());
    List<ServiceInstance> instances = patch.apply(
        before.instances(),
        next.stream().map(each -> each.map(ServiceMember::instance)).toList());
    diff.patched(patch, before.instances(), instances, sorted);
    return ServiceSnapshot.ofAll(instances, members, policy.routes(), timekeeper);
  }

  private Optional<LiveNode> node(String id) {
    int index =
        SortedListPatch.indexOf(id, live.size(), i -> live.get(i).instance().id());
    return index < 0 ? Optional.empty() : Optional.of(live.get(index));
  }

  private ServiceSnapshot rebuilt(Instant wall) {
    if (!ejections.isEmpty()) {
      ejections.release(namesOf(live), now());
    }
    members =
        live.stream().map(each -> member(each, wall)).collect(Collectors.toUnmodifiableList());
    List<ServiceMember> admitted = members.stream()
        .filter(each -> isEligible(each, wall))
        .collect(Collectors.toUnmodifiableList());
    eligible = admitted.size() == members.size() ? members : admitted;
    quarantine.update(members, eligible, now());
    forgetSuspicions();
    if (isQuiet() && eligible == members) {
      List<ServiceInstance> instances =
          members.stream().map(ServiceMember::instance).toList();
      return ServiceSnapshot.ofAll(instances, members, policy.routes(), timekeeper);
    }
    List<ServiceMember> rotating = quarantine.inRotation().stream()
        .filter(each -> !isDisabled(each.instance().id(), wall))
        .toList();
    return ServiceSnapshot.of(
        union(rotating, members).stream().map(ServiceMember::instance).toList(),
        quarantine.all().stream().map(ServiceMember::instance).toList(),
        union(rotating, healthy()),
        quarantine.isEmpty() ? members : union(quarantine.all(), members),
        reasons,
        policy.routes(),
        timekeeper);
  }

  /** Both, in the order of the ids; of two with the same id the latter. */
  private static List<ServiceMember> union(List<ServiceMember> some, List<ServiceMember> others) {
    if (some.isEmpty()) {
      return others;
    }
    TreeMap<String, ServiceMember> both = new TreeMap<>();
    some.forEach(each -> both.put(each.id(), each));
    others.forEach(each -> both.put(each.id(), each));
    return List.copyOf(both.values());
  }

  /**
   * Returns the differences to what listeners were last notified of.
   *
   * @param changes the changes that are known to have happened
   */
  public List<InstanceChange> changesTo(ServiceSnapshot now, Collection<InstanceChange> changes) {
    return diff.changesTo(now.instances(), changes);
  }

  private ServiceMember member(LiveNode node, Instant wall) {
    ServiceInstance instance = node.instance();
    int weight = policy.instances().isEmpty()
        ? instance.weight()
        : policy.rule(instance.id(), wall).flatMap(InstanceRule::weight).orElse(instance.weight());
    boolean onProbation = !ejections.isEmpty() && ejections.isOnProbation(node.name());
    return new ServiceMember(node, weight, statsOf(node), onProbation);
  }

  /** Returns the statistics of a node, which are kept as long as it exists or is in quarantine. */
  private CallStats statsOf(LiveNode node) {
    return lastSeen(node.instance().id())
        .filter(last -> last.node().isSame(node))
        .or(() ->
            quarantine.find(node.instance().id()).filter(lost -> lost.node().isSame(node)))
        .map(ServiceMember::stats)
        .orElseGet(() -> {
          long age = Math.max(0, serverMillis - node.ctime());
          return new CallStats(now(), age * 1_000_000);
        });
  }

  private Optional<ServiceMember> lastSeen(String id) {
    int index = SortedListPatch.indexOf(id, members.size(), i -> members.get(i).id());
    return index < 0 ? Optional.empty() : Optional.of(members.get(index));
  }

  private boolean isEligible(ServiceMember member, Instant wall) {
    if (policy.instances().isEmpty() && ServiceMember.takesCalls(member.instance())) {
      return true;
    }
    String id = member.instance().id();
    InstanceStatus status = member.instance().status();
    Optional<InstanceRule> rule = policy.rule(id, wall);
    if (status != InstanceStatus.UP) {
      reasons.put(id, status.toString());
    } else if (rule.filter(InstanceRule::disabled).isPresent()) {
      reasons.put(id, "disabled by " + rule.map(InstanceRule::by).orElse("?"));
    } else if (rule.filter(InstanceRule::drain).isPresent()) {
      reasons.put(id, "drained by " + rule.map(InstanceRule::by).orElse("?"));
    } else if (member.weight() == 0) {
      reasons.put(id, "UP with weight 0");
    } else {
      return true;
    }
    return false;
  }

  private boolean isDisabled(String id, Instant wall) {
    return policy.rule(id, wall).filter(InstanceRule::disabled).isPresent();
  }

  /** Returns the eligible members that are not out of rotation; all eligible ones if none would be left. */
  private List<ServiceMember> healthy() {
    if (ejections.isEmpty() && suspicions.isEmpty()) {
      return eligible;
    }
    List<ServiceMember> healthy = new ArrayList<>();
    Map<String, String> out = new HashMap<>();
    int mostSuspects = eligible.size() / 2;
    for (ServiceMember member : eligible) {
      Optional<String> ejected = ejections.reason(member.name());
      String suspicion = suspicions.get(member.name());
      if (ejected.isPresent()) {
        out.put(member.instance().id(), ejected.get());
      } else if (suspicion != null && out.size() < mostSuspects) {
        out.put(member.instance().id(), suspicion);
      } else {
        healthy.add(member);
      }
    }
    if (healthy.isEmpty()) {
      return eligible;
    }
    reasons.putAll(out);
    return healthy;
  }

  private void forgetSuspicions() {
    if (!suspicions.isEmpty()) {
      Set<String> names = namesOf(live);
      quarantine.all().forEach(each -> names.add(each.name()));
      suspicions.keySet().retainAll(names);
    }
  }

  private static Set<String> namesOf(Collection<LiveNode> nodes) {
    Set<String> names = new HashSet<>();
    nodes.forEach(each -> names.add(each.name()));
    return names;
  }

  private long now() {
    return timekeeper.nanos();
  }
}
