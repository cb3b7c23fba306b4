package io.zookit.registry.internal.selection;

import io.zookit.core.Timekeeper;
import io.zookit.registry.ChangeCause;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.balance.Candidates;
import io.zookit.registry.balance.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A service at one moment. Immutable, as the lists are that it is made of.
 *
 * @param instances one for each id, in the order of the ids
 * @param vanished those that vanished and are remembered
 * @param usable those that may be chosen
 * @param inRotation the same as others see them, with the weights that count
 * @param candidates the same as rules see them
 * @param reasons why others may not be chosen, by their ids
 * @param routes where a part of the calls goes
 */
public record ServiceSnapshot(
    List<ServiceInstance> instances,
    List<ServiceInstance> vanished,
    List<ServiceMember> usable,
    List<ServiceInstance> inRotation,
    Candidates candidates,
    Map<String, String> reasons,
    List<Route> routes) {

  /**
   * A service of which some may not be chosen.
   *
   * @param known the members, with those in quarantine
   */
  static ServiceSnapshot of(
      List<ServiceInstance> instances,
      List<ServiceInstance> vanished,
      List<ServiceMember> usable,
      List<ServiceMember> known,
      Map<String, String> reasons,
      List<Route> routes,
      Timekeeper timekeeper) {
    return new ServiceSnapshot(
        instances,
        vanished,
        usable,
        usable.stream().map(ServiceMember::weighed).toList(),
        Candidates.of(usable, known, timekeeper),
        Map.copyOf(reasons),
        routes);
  }

  /** A service all of whose instances may be chosen, with the weights they have. */
  static ServiceSnapshot ofAll(
      List<ServiceInstance> instances,
      List<ServiceMember> members,
      List<Route> routes,
      Timekeeper timekeeper) {
    Candidates candidates = Candidates.of(members, timekeeper);
    return new ServiceSnapshot(
        instances, List.of(), members, instances, candidates, Map.of(), routes);
  }

  /** Returns the instance of an id that is shown. */
  Optional<ServiceInstance> find(String id) {
    int index =
        SortedListPatch.indexOf(id, instances.size(), i -> instances.get(i).id());
    return index < 0 ? Optional.empty() : Optional.of(instances.get(index));
  }

  /** Returns every instance as an added one, for a listener without an earlier state. */
  public List<InstanceChange> asAdded() {
    return instances.stream()
        .map(instance -> new InstanceChange(instance.id(), null, instance, ChangeCause.REGISTERED))
        .toList();
  }

  /** Describes why no instance can be chosen. */
  public String describe() {
    if (instances.isEmpty()) {
      return "no instance is registered";
    }
    List<String> counts = new ArrayList<>();
    reasons.values().stream().distinct().sorted().forEach(reason -> {
      long count = reasons.values().stream().filter(reason::equals).count();
      counts.add(count + " " + reason);
    });
    return "none of " + instances.size() + " may be chosen: " + String.join(", ", counts);
  }
}
