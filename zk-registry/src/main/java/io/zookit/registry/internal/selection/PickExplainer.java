package io.zookit.registry.internal.selection;

import io.zookit.registry.InstanceReport;
import io.zookit.registry.PickReport;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.balance.Balancer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Puts what a view knows into words. */
public final class PickExplainer {

  private PickExplainer() {}

  public static PickReport pick(ServiceSnapshot now, Balancer rule, long key) {
    Map<String, Integer> indices = new HashMap<>();
    for (int i = 0; i < now.usable().size(); i++) {
      indices.put(now.usable().get(i).instance().id(), i);
    }
    List<PickReport.Line> lines = new ArrayList<>();
    for (ServiceInstance instance : now.instances()) {
      Integer index = indices.get(instance.id());
      String reason = index == null
          ? now.reasons().getOrDefault(instance.id(), "not usable")
          : rule.describe(now.candidates(), index, key);
      lines.add(new PickReport.Line(instance.id(), index != null, reason));
    }
    int chosen = now.usable().isEmpty() ? Balancer.NONE : rule.choose(now.candidates(), key);
    return new PickReport(
        rule.toString(),
        chosen == Balancer.NONE
            ? Optional.empty()
            : Optional.of(now.usable().get(chosen).instance()),
        lines);
  }

  public static InstanceReport instance(
      String id,
      @Nullable ServiceSnapshot now,
      List<InstanceReport.Event> events,
      OptionalDouble phi) {
    if (now == null) {
      return new InstanceReport(id, Optional.empty(), "not read yet", events, phi);
    }
    Optional<ServiceInstance> lost = find(now.vanished(), id);
    Optional<ServiceInstance> shown = find(now.instances(), id);
    boolean usable = now.usable().stream().anyMatch(each -> each.instance().id().equals(id));
    String standing = lost.isPresent()
        ? (usable ? "in quarantine, in rotation because too few are left" : "in quarantine")
        : shown.isEmpty()
            ? "unknown"
            : usable ? "in rotation" : now.reasons().getOrDefault(id, "not usable");
    return new InstanceReport(id, shown.or(() -> lost), standing, events, phi);
  }

  private static Optional<ServiceInstance> find(List<ServiceInstance> some, String id) {
    return some.stream().filter(each -> each.id().equals(id)).findFirst();
  }
}
