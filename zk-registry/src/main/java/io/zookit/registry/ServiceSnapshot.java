package io.zookit.registry;

import java.util.ArrayList;
import java.util.List;

/**
 * A service at one moment. Immutable.
 *
 * @param instances one for each id, in the order of the ids
 * @param usable those of them that may be chosen
 */
record ServiceSnapshot(List<ServiceInstance> instances, Candidates usable) {

  static ServiceSnapshot of(List<ServiceInstance> instances) {
    List<ServiceInstance> all = List.copyOf(instances);
    return new ServiceSnapshot(
        all, Candidates.of(all.stream().filter(ServiceInstance::takesCalls).toList()));
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
    for (InstanceStatus status : InstanceStatus.values()) {
      long count = instances.stream().filter(each -> each.status() == status).count();
      if (count > 0) {
        counts.add(count + " " + status + (status == InstanceStatus.UP ? " with weight 0" : ""));
      }
    }
    return "none of " + instances.size() + " may be chosen: " + String.join(", ", counts);
  }
}
