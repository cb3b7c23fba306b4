package io.zookit.chaos.registry;

import io.zookit.chaos.control.NaiveFollower;
import io.zookit.chaos.experiment.ChildArguments;
import io.zookit.chaos.experiment.ChildWork;
import io.zookit.chaos.experiment.Stopwatch;
import io.zookit.core.ZkClient;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.ServiceView;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Child JVM that follows a service and prints what it sees, vanished instances left out; it also runs a {@link
 * NaiveFollower}.
 */
final class RegistryConsumer {

  /** Printed with {@code id=weight} of each instance. */
  static final String SEES = "sees ";

  /** Printed when the view became empty, or has an id twice. */
  static final String WRONG = "wrong ";

  /** Printed with the ids that the control has. */
  static final String CONTROL = "control ";

  private static final Duration LOOK = Duration.ofMillis(50);

  private RegistryConsumer() {}

  /** Arguments: those of a {@link ChildArguments}, and the folder of the instances. */
  public static void main(String[] args) throws Exception {
    ChildWork work = ChildWork.begin();
    ChildArguments arguments = ChildArguments.of(args);
    try (ZkClient zk = arguments.start();
        ServiceView view = ServiceRegistry.in(zk).discover(RegistryProvider.SERVICE)) {
      view.awaitReady(Duration.ofSeconds(60));
      view.subscribe(RegistryConsumer::check);
      try (NaiveFollower control =
          new NaiveFollower(arguments, arguments.more().get(0), RegistryConsumer::tell)) {
        String last = "";
        while (work.isOn()) {
          String now = words(view);
          if (!now.equals(last)) {
            System.out.println(SEES + now);
            last = now;
          }
          Stopwatch.pause(LOOK);
        }
      }
    }
    ChildWork.end();
  }

  private static void check(List<ServiceInstance> instances) {
    Set<String> ids = instances.stream().map(ServiceInstance::id).collect(Collectors.toSet());
    if (instances.isEmpty() || ids.size() < instances.size()) {
      System.out.println(WRONG + instances.size() + " instances, " + ids.size() + " ids");
    }
  }

  private static void tell(List<String> nodes) {
    System.out.println(CONTROL + String.join(" ", ids(nodes)));
  }

  /** The ids in the names of nodes, {@code <id>@<nonce>}. */
  static Set<String> ids(List<String> nodes) {
    return nodes.stream()
        .map(each -> each.substring(0, each.lastIndexOf('@')))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String words(ServiceView view) {
    Set<String> vanished = new HashSet<>();
    view.vanished().forEach(each -> vanished.add(each.id()));
    Map<String, Integer> weights = new TreeMap<>();
    view.current().stream()
        .filter(each -> !vanished.contains(each.id()))
        .forEach(each -> weights.put(each.id(), each.weight()));
    return words(weights);
  }

  /** Ids with weights as they are printed. */
  static String words(Map<String, Integer> weights) {
    return new TreeMap<>(weights)
        .entrySet().stream()
            .map(each -> each.getKey() + "=" + each.getValue())
            .collect(Collectors.joining(" "));
  }
}
