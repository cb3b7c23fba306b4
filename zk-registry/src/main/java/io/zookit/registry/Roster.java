package io.zookit.registry;

import io.zookit.core.Timekeeper;
import io.zookit.registry.balance.CallStats;
import io.zookit.registry.health.OutlierRule;
import io.zookit.registry.policy.InstanceRule;
import io.zookit.registry.policy.ServicePolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who may be called: what ZooKeeper knows, what operators say, who vanished, and whom this process found broken. Pure;
 * used by one thread at a time.
 *
 * <p>In this order: what is not UP, has no weight or is disabled by an operator is out in any case. Of the rest those that
 * are ejected or suspected are out, unless nobody would be left. When too few are left altogether, those in {@link Limbo}
 * stay in.
 */
final class Roster {

  /** A member, and where its node is. */
  record Placed(NodeRef ref, Member member) {}

  private static final Duration LONG = Duration.ofDays(30);

  private final Timekeeper timekeeper;
  private final Limbo limbo = new Limbo();
  private final Ejections ejections;
  private final Map<String, CallStats> stats = new HashMap<>();
  private final Map<String, String> suspicions = new HashMap<>();
  private final Map<String, String> reasons = new TreeMap<>();
  private final Map<String, Member> lastSeen = new HashMap<>();
  private List<KnownNodes.Live> live = List.of();
  private TreeMap<String, ServiceInstance> told = new TreeMap<>();
  private List<Member> fit = List.of();
  private ServicePolicy policy = ServicePolicy.NONE;
  private long serverMillis;

  Roster(Timekeeper timekeeper, OutlierRule rule) {
    this.timekeeper = timekeeper;
    this.ejections = new Ejections(rule);
  }

  /** What operators say from now on. */
  void obey(ServicePolicy said) {
    policy = said;
  }

  /** Starts with what an earlier run of this process knew. */
  void restore(Collection<KnownNodes.Live> stored) {
    limbo.restore(stored.stream().map(each -> member(each, Instant.MIN)).toList(), now());
  }

  /**
   * What ZooKeeper knows now.
   *
   * @param serverTime the newest stamp of a server that was seen, in milliseconds
   */
  void see(List<KnownNodes.Live> all, Collection<Change> changes, long serverTime) {
    live = all;
    serverMillis = Math.max(serverMillis, serverTime);
    for (Change change : changes) {
      Member last = lastSeen.get(change.id());
      if (change.cause() == ChangeCause.VANISHED && last != null && change.before() != null) {
        limbo.add(last, now());
      }
    }
  }

  /** Those that vanished and are remembered. */
  List<Member> inLimbo() {
    return limbo.all();
  }

  /** One that vanished is dead for certain; whether it was still remembered. */
  boolean bury(Member member) {
    return limbo.bury(member);
  }

  /** A silence is suspicious, or not any more. */
  boolean suspect(String name, Optional<String> why) {
    return why.isPresent()
        ? !why.get().equals(suspicions.put(name, why.get()))
        : suspicions.remove(name) != null;
  }

  /** Looks at a member after a call of this process; whether somebody else may be called now. */
  boolean judge(Member member) {
    return ejections.judge(member, fit, now());
  }

  /** The next moment at which somebody comes back or is forgotten without anything happening. */
  Optional<Long> nextDeadline() {
    return Stream.of(
            limbo.nextDeadline(),
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

  /** Those that could be called if nobody was out, with their places. */
  List<Placed> placed() {
    Map<String, NodeRef> refs = new HashMap<>();
    live.forEach(each -> refs.put(each.ref().name(), each.ref()));
    List<Placed> placed = new ArrayList<>();
    for (Member member : fit) {
      NodeRef ref = refs.get(member.name());
      if (ref != null) {
        placed.add(new Placed(ref, member));
      }
    }
    return placed;
  }

  /** The names of all nodes. */
  Set<String> names() {
    return namesOf(live);
  }

  /** The service as it is now. */
  ServiceSnapshot snapshot() {
    Instant wall = timekeeper.now();
    reasons.clear();
    ejections.release(namesOf(live), now());
    Map<String, Member> members = new LinkedHashMap<>();
    live.forEach(each -> members.put(each.instance().id(), member(each, wall)));
    lastSeen.clear();
    lastSeen.putAll(members);
    fit = members.values().stream().filter(each -> isFit(each, wall)).toList();
    Set<String> usable = fit.stream().map(each -> each.instance().id()).collect(Collectors.toSet());
    limbo.settle(live.stream().map(KnownNodes.Live::instance).toList(), usable, now());
    List<Member> rotating = limbo.inRotation().stream()
        .filter(each -> !isDisabled(each.instance().id(), wall))
        .toList();
    forgetStats(members.values());
    return snapshot(members, rotating);
  }

  private ServiceSnapshot snapshot(Map<String, Member> members, List<Member> rotating) {
    TreeMap<String, Member> usable = new TreeMap<>();
    TreeMap<String, ServiceInstance> shown = new TreeMap<>();
    for (Member each : rotating) {
      usable.put(each.instance().id(), each);
      shown.put(each.instance().id(), each.instance());
    }
    sound().forEach(each -> usable.put(each.instance().id(), each));
    members.forEach((id, member) -> shown.put(id, member.instance()));
    List<Member> known = new ArrayList<>(members.values());
    known.addAll(limbo.all());
    return ServiceSnapshot.of(
        List.copyOf(shown.values()),
        limbo.all().stream().map(Member::instance).toList(),
        List.copyOf(usable.values()),
        known,
        reasons,
        policy.routes(),
        timekeeper);
  }

  /**
   * What is different from what listeners were told last.
   *
   * @param changes what is known to have happened
   */
  List<Change> changesTo(ServiceSnapshot snapshot, Collection<Change> changes) {
    Map<String, ChangeCause> causes = new LinkedHashMap<>();
    changes.forEach(change -> causes.put(change.id(), change.cause()));
    TreeMap<String, ServiceInstance> shown = new TreeMap<>();
    snapshot.instances().forEach(each -> shown.put(each.id(), each));
    List<Change> differences = new ArrayList<>();
    Set<String> ids = new HashSet<>(told.keySet());
    ids.addAll(shown.keySet());
    for (String id : ids) {
      ServiceInstance before = told.get(id);
      ServiceInstance after = shown.get(id);
      ChangeCause cause = causes.get(id);
      boolean again = cause == ChangeCause.REPLACED || cause == ChangeCause.REGISTERED;
      boolean same = Objects.equals(before, after);
      if (!same || (again && after != null)) {
        differences.add(new Change(id, before, after, cause(before, after, cause)));
      }
    }
    told = shown;
    return differences;
  }

  private static ChangeCause cause(
      @Nullable ServiceInstance before,
      @Nullable ServiceInstance after,
      @Nullable ChangeCause known) {
    if (before == null) {
      return known == null ? ChangeCause.RECALLED : ChangeCause.REGISTERED;
    }
    if (after == null) {
      return known == ChangeCause.LEFT ? ChangeCause.LEFT : ChangeCause.VANISHED;
    }
    boolean again = known == ChangeCause.REPLACED || known == ChangeCause.REGISTERED;
    return again ? ChangeCause.REPLACED : ChangeCause.UPDATED;
  }

  private Member member(KnownNodes.Live node, Instant wall) {
    ServiceInstance instance = node.instance();
    String name = node.ref().name();
    int weight =
        policy.rule(instance.id(), wall).flatMap(InstanceRule::weight).orElse(instance.weight());
    CallStats measured = stats.computeIfAbsent(name, any -> {
      long age = Math.max(0, serverMillis - node.ctime());
      return new CallStats(now(), age * 1_000_000);
    });
    return new Member(instance, name, weight, measured, ejections.isOnProbation(name));
  }

  private boolean isFit(Member member, Instant wall) {
    String id = member.instance().id();
    InstanceStatus status = member.instance().status();
    Optional<InstanceRule> rule = policy.rule(id, wall);
    if (status != InstanceStatus.UP) {
      reasons.put(id, status.toString());
    } else if (isDisabled(id, wall)) {
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

  /** Those that are fit and not out of rotation; all of them when nobody would be left. */
  private List<Member> sound() {
    List<Member> sound = new ArrayList<>();
    Map<String, String> out = new HashMap<>();
    int mostSuspects = fit.size() / 2;
    for (Member member : fit) {
      Optional<String> ejected = ejections.reason(member.name());
      String suspicion = suspicions.get(member.name());
      if (ejected.isPresent()) {
        out.put(member.instance().id(), ejected.get());
      } else if (suspicion != null && out.size() < mostSuspects) {
        out.put(member.instance().id(), suspicion);
      } else {
        sound.add(member);
      }
    }
    if (sound.isEmpty()) {
      return fit;
    }
    reasons.putAll(out);
    return sound;
  }

  private void forgetStats(Collection<Member> members) {
    Set<String> names = new HashSet<>();
    members.forEach(each -> names.add(each.name()));
    limbo.all().forEach(each -> names.add(each.name()));
    stats.keySet().retainAll(names);
    suspicions.keySet().retainAll(names);
  }

  private static Set<String> namesOf(Collection<KnownNodes.Live> nodes) {
    Set<String> names = new HashSet<>();
    nodes.forEach(each -> names.add(each.ref().name()));
    return names;
  }

  private long now() {
    return timekeeper.nanos();
  }
}
