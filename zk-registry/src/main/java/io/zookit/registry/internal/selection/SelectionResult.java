package io.zookit.registry.internal.selection;

import io.zookit.registry.health.OutlierRule;
import io.zookit.registry.internal.store.NodeRef;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Result of a selection, from which the next one starts. Immutable.
 *
 * @param inputs what it was made from, without what has expired
 * @param members the instances that exist, in the order of their ids
 * @param eligible those of them that could be chosen if none were ejected or suspected; the same list if all are
 * @param snapshot what views show, with the reasons why instances may not be chosen
 * @param changes of the instances that views show, since the selection before; in the order of the ids
 */
public record SelectionResult(
    SelectionInputs inputs,
    List<ServiceMember> members,
    List<ServiceMember> eligible,
    ServiceSnapshot snapshot,
    List<InstanceChange> changes) {

  private static final Duration LONG = Duration.ofDays(30);

  /** A member, and where its node is. */
  public record Placed(NodeRef ref, ServiceMember member) {}

  /** The selection of a service of which nothing is known. */
  public static SelectionResult none(OutlierRule rule, SelectionTime now) {
    return new SelectionResult(
        SelectionInputs.none(rule),
        List.of(),
        List.of(),
        ServiceSnapshot.ofAll(List.of(), List.of(), List.of(), now.clock()),
        List.of());
  }

  /** Returns the instances that vanished and are remembered. */
  public List<ServiceMember> vanished() {
    return inputs.quarantine().all();
  }

  /** Returns the members that could be called if none were ejected or suspected, with their nodes. */
  public List<Placed> placed() {
    return eligible.stream().map(each -> new Placed(each.node().ref(), each)).toList();
  }

  /** Returns the inputs of a next selection after a call to a member has ended. */
  public SelectionInputs afterCall(ServiceMember member, SelectionTime now) {
    if (inputs.policy().hasCircuitDisabled(member.id(), now.wall())) {
      return inputs;
    }
    Ejections before = inputs.ejections();
    Ejections after = before.evaluate(member, eligible, now.nanos());
    return after == before ? inputs : inputs.withEjections(after);
  }

  /** Returns the next monotonic time at which an instance comes back or is forgotten without any other event. */
  public Optional<Long> nextDeadline(SelectionTime now) {
    if (isUniform()) {
      return Optional.empty();
    }
    return Stream.of(
            inputs.quarantine().nextDeadline(),
            inputs.ejections().nextDeadline(),
            inputs.policy().instances().values().stream()
                .flatMap(rule -> rule.until().stream())
                .map(until -> Duration.between(now.wall(), until))
                .filter(left -> !left.isNegative() && left.compareTo(LONG) < 0)
                .map(left -> now.nanos() + left.toNanos())
                .min(Long::compare))
        .flatMap(Optional::stream)
        .min(Long::compare);
  }

  /** Returns whether all instances could be chosen, and nothing applies to a single one. */
  boolean isUniform() {
    return inputs.isUniform() && eligible == members;
  }

  /** Returns the existing member of an id. */
  Optional<ServiceMember> member(String id) {
    int index = SortedListPatch.indexOf(id, members.size(), i -> members.get(i).id());
    return index < 0 ? Optional.empty() : Optional.of(members.get(index));
  }
}
