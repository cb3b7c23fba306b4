package io.zookit.registry.internal.selection;

import io.zookit.registry.ChangeCause;
import io.zookit.registry.InstanceStatus;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.policy.InstanceRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Selects the instances that may be called: a pure function of the nodes in ZooKeeper, the operators' policy, the
 * instances that vanished, and those that this process found broken.
 *
 * <p>In this order: an instance that is not UP, has no weight or is disabled by an operator is out in any case. Of the
 * rest, those that are ejected or suspected are out, unless none would be left. If too few are left altogether, those
 * in {@link Quarantine} stay in.
 *
 * <p>Nothing is compared to find out what has changed: an instance that is shown differs only if the cache reports a
 * change of its id, or if it was or is in quarantine.
 *
 * <p><i>Cost:</i> while nothing applies to single instances, as much as there are changes, but for copies of arrays;
 * otherwise proportional to the number of instances.
 */
public final class InstanceSelection {

  private static final Comparator<InstanceChange> BY_ID = Comparator.comparing(InstanceChange::id);

  private final SelectionResult before;
  private final SelectionInputs inputs;
  private final List<InstanceChange> changes;
  private final SelectionTime now;

  private InstanceSelection(
      SelectionResult before,
      SelectionInputs inputs,
      List<InstanceChange> changes,
      SelectionTime now) {
    this.before = before;
    this.inputs = inputs;
    this.changes = changes;
    this.now = now;
  }

  /**
   * Selects.
   *
   * @param before the previous selection
   * @param inputs what holds now
   * @param changes of the nodes since the previous selection, one for each id at most
   */
  public static SelectionResult select(
      SelectionResult before,
      SelectionInputs inputs,
      Collection<InstanceChange> changes,
      SelectionTime now) {
    List<InstanceChange> sorted = new ArrayList<>(changes);
    sorted.sort(BY_ID);
    List<ServiceMember> vanished = new ArrayList<>();
    for (InstanceChange change : sorted) {
      if (change.cause() == ChangeCause.VANISHED && change.before() != null) {
        before.member(change.id()).ifPresent(vanished::add);
      }
    }
    SelectionInputs given = vanished.isEmpty()
        ? inputs
        : inputs.withQuarantine(inputs.quarantine().with(vanished, now.nanos()));
    InstanceSelection selection = new InstanceSelection(before, given, sorted, now);
    boolean uniform = before.isUniform() && given.isUniform();
    for (InstanceChange change : sorted) {
      uniform &= keepsAllEligible(change);
    }
    return uniform ? selection.patched() : selection.rebuilt();
  }

  /** Returns whether a change adds no instance that may not be chosen, and none to quarantine. */
  private static boolean keepsAllEligible(InstanceChange change) {
    return change.after() == null
        ? change.cause() == ChangeCause.LEFT
        : ServiceMember.takesCalls(change.after());
  }

  /** After changes that keep all eligible. */
  private SelectionResult patched() {
    List<ServiceMember> old = before.members();
    List<String> ids = new ArrayList<>(changes.size());
    List<Optional<ServiceMember>> next = new ArrayList<>(changes.size());
    List<Optional<ServiceInstance>> shown = new ArrayList<>(changes.size());
    for (InstanceChange change : changes) {
      Optional<ServiceMember> member =
          change.after() == null ? Optional.empty() : node(change.id()).map(this::member);
      ids.add(change.id());
      next.add(member);
      shown.add(member.map(ServiceMember::instance));
    }
    SortedListPatch patch = SortedListPatch.at(ids, old.size(), i -> old.get(i).id());
    List<ServiceMember> members = patch.apply(old, next);
    List<ServiceInstance> instances = patch.apply(before.snapshot().instances(), shown);
    return result(
        inputs.withQuarantine(Quarantine.empty(members.size())),
        members,
        members,
        ServiceSnapshot.ofAll(instances, members, inputs.policy().routes(), now.clock()));
  }

  private SelectionResult rebuilt() {
    SelectionInputs left =
        inputs.withEjections(inputs.ejections().released(this::ejectable, now.nanos()));
    List<ServiceMember> members = members(left.ejections());
    Map<String, String> reasons = new TreeMap<>();
    List<ServiceMember> admitted = new ArrayList<>(members.size());
    for (ServiceMember member : members) {
      if (isEligible(member, reasons)) {
        admitted.add(member);
      }
    }
    List<ServiceMember> eligible =
        admitted.size() == members.size() ? members : Collections.unmodifiableList(admitted);
    return rebuilt(withoutExpired(left, members, eligible), members, eligible, reasons);
  }

  /** The members of all nodes. Those before are in the same order, so that most are found without a search. */
  private List<ServiceMember> members(Ejections ejections) {
    boolean bare =
        ejections.isEmpty() && before.inputs().ejections().isEmpty() && hasNoRules(before.inputs());
    bare &= hasNoRules(inputs);
    List<ServiceMember> last = before.members();
    List<ServiceMember> members = new ArrayList<>(inputs.nodes().size());
    int at = 0;
    for (LiveNode node : inputs.nodes()) {
      String id = node.instance().id();
      while (at < last.size() && last.get(at).id().compareTo(id) < 0) {
        at++;
      }
      // without rules and ejections, a member is a function of its node and of its statistics
      boolean same = bare && at < last.size() && last.get(at).node() == node;
      members.add(same ? last.get(at) : member(node, ejections));
    }
    return Collections.unmodifiableList(members);
  }

  private static boolean hasNoRules(SelectionInputs inputs) {
    return inputs.policy().instances().isEmpty();
  }

  private SelectionInputs withoutExpired(
      SelectionInputs left, List<ServiceMember> members, List<ServiceMember> eligible) {
    Quarantine quarantine =
        left.quarantine().after(members, before.eligible(), eligible, now.nanos());
    if (left.suspicions().isEmpty()) {
      return left.withQuarantine(quarantine);
    }
    Set<String> names = left.names();
    quarantine.all().forEach(each -> names.add(each.name()));
    return left.withQuarantine(quarantine).withSuspicionsOf(names);
  }

  private SelectionResult rebuilt(
      SelectionInputs left,
      List<ServiceMember> members,
      List<ServiceMember> eligible,
      Map<String, String> reasons) {
    Quarantine quarantine = left.quarantine();
    if (left.isUniform() && eligible == members) {
      List<ServiceInstance> instances =
          members.stream().map(ServiceMember::instance).toList();
      return result(
          left,
          members,
          eligible,
          ServiceSnapshot.ofAll(instances, members, left.policy().routes(), now.clock()));
    }
    List<ServiceMember> rotating = quarantine.inRotation(eligible.size()).stream()
        .filter(each -> !isDisabled(each.id()))
        .toList();
    List<ServiceMember> healthy = healthy(left, eligible, reasons);
    ServiceSnapshot snapshot = ServiceSnapshot.of(
        union(rotating, members).stream().map(ServiceMember::instance).toList(),
        quarantine.all().stream().map(ServiceMember::instance).toList(),
        union(rotating, healthy),
        quarantine.isEmpty() ? members : union(quarantine.all(), members),
        reasons,
        left.policy().routes(),
        now.clock());
    return result(left, members, eligible, snapshot);
  }

  private SelectionResult result(
      SelectionInputs left,
      List<ServiceMember> members,
      List<ServiceMember> eligible,
      ServiceSnapshot snapshot) {
    return new SelectionResult(left, members, eligible, snapshot, shownChanges(snapshot));
  }

  /** The changes of the cache as they are seen in what is shown, in which instances in quarantine may be, too. */
  private List<InstanceChange> shownChanges(ServiceSnapshot after) {
    Map<String, Optional<ChangeCause>> causes = new TreeMap<>();
    before.snapshot().vanished().forEach(each -> causes.put(each.id(), Optional.empty()));
    after.vanished().forEach(each -> causes.put(each.id(), Optional.empty()));
    for (InstanceChange change : changes) {
      causes.put(change.id(), Optional.of(change.cause()));
    }
    List<InstanceChange> shown = new ArrayList<>(causes.size());
    causes.forEach((id, cause) -> {
      ServiceInstance was = before.snapshot().find(id).orElse(null);
      ServiceInstance is = after.find(id).orElse(null);
      ChangeCause known = cause.orElse(null);
      if (!Objects.equals(was, is) || (isAgain(known) && is != null)) {
        shown.add(new InstanceChange(id, was, is, causeShown(was, is, known)));
      }
    });
    return shown;
  }

  private static ChangeCause causeShown(
      @Nullable ServiceInstance was, @Nullable ServiceInstance is, @Nullable ChangeCause known) {
    if (was == null) {
      return known == null ? ChangeCause.RECALLED : ChangeCause.REGISTERED;
    }
    if (is == null) {
      return known == ChangeCause.LEFT ? ChangeCause.LEFT : ChangeCause.VANISHED;
    }
    return isAgain(known) ? ChangeCause.REPLACED : ChangeCause.UPDATED;
  }

  private static boolean isAgain(@Nullable ChangeCause known) {
    return known == ChangeCause.REPLACED || known == ChangeCause.REGISTERED;
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

  private Optional<LiveNode> node(String id) {
    List<LiveNode> nodes = inputs.nodes();
    int index =
        SortedListPatch.indexOf(id, nodes.size(), i -> nodes.get(i).instance().id());
    return index < 0 ? Optional.empty() : Optional.of(nodes.get(index));
  }

  private ServiceMember member(LiveNode node) {
    return member(node, inputs.ejections());
  }

  /** A member, with the statistics it has had while it existed or was in quarantine. */
  private ServiceMember member(LiveNode node, Ejections ejections) {
    ServiceInstance instance = node.instance();
    String id = instance.id();
    int weight = inputs.policy().instances().isEmpty()
        ? instance.weight()
        : rule(id).flatMap(InstanceRule::weight).orElse(instance.weight());
    boolean onProbation = !ejections.isEmpty() && ejections.isOnProbation(node.name());
    return before
        .member(id)
        .filter(last -> last.node().isSame(node))
        .or(() -> inputs.quarantine().find(id).filter(lost -> lost.node().isSame(node)))
        .map(known -> new ServiceMember(node, weight, known.stats(), onProbation))
        .orElseGet(() -> ServiceMember.first(node, inputs.serverMillis(), now.nanos())
            .with(weight, onProbation));
  }

  private Optional<InstanceRule> rule(String id) {
    return inputs.policy().rule(id, now.wall());
  }

  private boolean isEligible(ServiceMember member, Map<String, String> reasons) {
    if (inputs.policy().instances().isEmpty() && ServiceMember.takesCalls(member.instance())) {
      return true;
    }
    String id = member.instance().id();
    InstanceStatus status = member.instance().status();
    Optional<InstanceRule> rule = rule(id);
    if (status != InstanceStatus.UP) {
      reasons.put(id, status.toString());
    } else if (rule.filter(InstanceRule::isForcedOpen).isPresent()) {
      reasons.put(id, "circuit forced open by " + rule.map(InstanceRule::by).orElse("?"));
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

  private boolean isDisabled(String id) {
    return rule(id).filter(InstanceRule::disabled).isPresent();
  }

  private boolean hasCircuitDisabled(String id) {
    return inputs.policy().hasCircuitDisabled(id, now.wall());
  }

  /** The names of the nodes that may be ejected. */
  private Set<String> ejectable() {
    return inputs.nodes().stream()
        .filter(node -> !hasCircuitDisabled(node.instance().id()))
        .map(LiveNode::name)
        .collect(Collectors.toSet());
  }

  /** Returns the eligible members that are not out of rotation; all eligible ones if none would be left. */
  private List<ServiceMember> healthy(
      SelectionInputs left, List<ServiceMember> eligible, Map<String, String> reasons) {
    if (left.ejections().isEmpty() && left.suspicions().isEmpty()) {
      return eligible;
    }
    List<ServiceMember> healthy = new ArrayList<>();
    Map<String, String> out = new HashMap<>();
    int mostSuspects = eligible.size() / 2;
    for (ServiceMember member : eligible) {
      Optional<String> ejected = left.ejections().reason(member.name());
      String suspicion =
          hasCircuitDisabled(member.id()) ? null : left.suspicions().get(member.name());
      if (ejected.isPresent()) {
        out.put(member.id(), ejected.get());
      } else if (suspicion != null && out.size() < mostSuspects) {
        out.put(member.id(), suspicion);
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
}
