package io.zookit.registry;

import io.zookit.core.Timekeeper;
import io.zookit.registry.balance.Candidates;
import io.zookit.registry.balance.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A service at one moment. Immutable, as the lists are that it is made of.
 *
 * @param instances one for each id, in the order of the ids
 * @param limbo those that vanished and are remembered
 * @param usable those that may be chosen
 * @param inRotation the same as others see them, with the weights that count
 * @param candidates the same as rules see them
 * @param reasons why others may not be chosen, by their ids
 * @param routes where a part of the calls goes
 */
record ServiceSnapshot(
    List<ServiceInstance> instances,
    List<ServiceInstance> limbo,
    List<Member> usable,
    List<ServiceInstance> inRotation,
    Candidates candidates,
    Map<String, String> reasons,
    List<Route> routes) {

  /**
   * A service of which some may not be chosen.
   *
   * @param known the members, with those in limbo
   */
  static ServiceSnapshot of(
      List<ServiceInstance> instances,
      List<ServiceInstance> limbo,
      List<Member> usable,
      List<Member> known,
      Map<String, String> reasons,
      List<Route> routes,
      Timekeeper timekeeper) {
    return new ServiceSnapshot(
        instances,
        limbo,
        usable,
        usable.stream().map(Member::weighed).toList(),
        Candidates.of(usable, known, timekeeper),
        Map.copyOf(reasons),
        routes);
  }

  /** A service all of whose instances may be chosen, with the weights they have. */
  static ServiceSnapshot ofAll(
      List<ServiceInstance> instances,
      List<Member> members,
      List<Route> routes,
      Timekeeper timekeeper) {
    Candidates candidates = Candidates.of(members, timekeeper);
    return new ServiceSnapshot(
        instances, List.of(), members, instances, candidates, Map.of(), routes);
  }

  /** All of it as a change, for somebody who knows nothing. */
  List<Change> asAdded() {
    return instances.stream()
        .map(instance -> new Change(instance.id(), null, instance, ChangeCause.REGISTERED))
        .toList();
  }

  /** Why nothing can be chosen. */
  String describe() {
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
