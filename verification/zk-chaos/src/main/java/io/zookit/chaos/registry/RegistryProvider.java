package io.zookit.chaos.registry;

import io.zookit.chaos.experiment.ChildArguments;
import io.zookit.chaos.experiment.ChildWork;
import io.zookit.chaos.experiment.ClientProcess;
import io.zookit.core.ZkClient;
import io.zookit.registry.Registration;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.testkit.ChildJvm;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Child JVM that registers the instances it is ordered to, with the ordered weights. */
final class RegistryProvider {

  static final String SERVICE = "fleet";

  /** Printed repeatedly until the first order arrives. */
  static final String READY = "ready";

  /** {@code want ID WEIGHT}: it is to be registered, with a weight. */
  static final String WANT = "want ";

  /** {@code drop ID}: it is to be gone. */
  static final String DROP = "drop ";

  private static final int FIRST_PORT = 10_000;

  private final ServiceRegistry registry;
  private final Map<String, Registration> registrations = new HashMap<>();

  private RegistryProvider(ServiceRegistry registry) {
    this.registry = registry;
  }

  /** Arguments: those of a {@link ChildArguments}. */
  public static void main(String[] args) throws Exception {
    BlockingQueue<String> orders = new LinkedBlockingQueue<>();
    ChildJvm.exitWithParent(orders::add);
    try (ZkClient zk = ChildArguments.of(args).start()) {
      zk.awaitConnected(Duration.ofSeconds(60));
      RegistryProvider provider =
          new RegistryProvider(ServiceRegistry.builder(zk).grace(Duration.ZERO).build());
      String order = null;
      while (order == null) {
        System.out.println(READY);
        order = orders.poll(300, TimeUnit.MILLISECONDS);
      }
      while (!order.equals(ClientProcess.STOP)) {
        provider.obey(order);
        order = orders.take();
      }
    }
    ChildWork.end();
  }

  private void obey(String order) {
    String[] words = order.split(" ", -1);
    String id = words[1];
    Registration known = registrations.get(id);
    if (order.startsWith(DROP)) {
      if (known != null) {
        registrations.remove(id);
        known.drain(Duration.ZERO);
      }
      return;
    }
    int weight = Integer.parseInt(words[2]);
    if (known == null) {
      registrations.put(id, registry.register(instance(id).withWeight(weight)));
    } else {
      known.update(instance -> instance.withWeight(weight));
    }
  }

  private static ServiceInstance instance(String id) {
    int number = Integer.parseInt(id.substring(1));
    return ServiceInstance.at(SERVICE, "127.0.0.1", FIRST_PORT + number).withId(id);
  }
}
