package io.zookit.chaos.registry;

import io.zookit.chaos.experiment.ClientProcess;
import io.zookit.chaos.experiment.Stopwatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Instances that have to be registered, by provider, and the orders that register them.
 *
 * <p><i>Threads:</i> used by the thread that causes faults; {@link #onLine} by any thread.
 */
final class ExpectedInstances {

  static final int INSTANCES = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final int HEAVIEST = 1000;

  private final List<ClientProcess> providers = new ArrayList<>();
  private final Map<String, Integer> wanted = new TreeMap<>();
  private final Map<String, ClientProcess> homes = new HashMap<>();
  private final Set<ClientProcess> dead = new HashSet<>();
  private final Set<String> ready = ConcurrentHashMap.newKeySet();
  private long orders;

  /** A line of a provider. */
  void onLine(String life, String line) {
    if (line.equals(RegistryProvider.READY)) {
      ready.add(life);
    }
  }

  void add(ClientProcess provider) {
    providers.add(provider);
  }

  /** Registers all of them. */
  void open() throws InterruptedException {
    for (int i = 0; i < INSTANCES; i++) {
      homes.put("i" + i, providers.get(i % providers.size()));
    }
    for (ClientProcess provider : providers) {
      start(provider);
    }
  }

  private void start(ClientProcess provider) throws InterruptedException {
    if (!Stopwatch.await(PATIENCE, () -> ready.contains(provider.life()))) {
      throw new IllegalStateException(provider + " does not come up");
    }
    homes.forEach((id, home) -> {
      if (home.equals(provider)) {
        want(id, 1);
      }
    });
  }

  private void want(String id, int weight) {
    wanted.put(id, weight);
    send(id, RegistryProvider.WANT + id + " " + weight);
  }

  private void send(String id, String order) {
    ClientProcess home = homes.get(id);
    if (home != null) {
      home.child().send(order);
      orders++;
    }
  }

  /** Lets those go on again that have died, and changes some of the instances. */
  void change(Random random) throws InterruptedException {
    for (ClientProcess provider : List.copyOf(dead)) {
      provider.replace();
      start(provider);
      dead.remove(provider);
    }
    for (int i = 5 + random.nextInt(10); i > 0; i--) {
      String id = "i" + random.nextInt(INSTANCES);
      if (wanted.containsKey(id) && random.nextInt(3) == 0) {
        wanted.remove(id);
        send(id, RegistryProvider.DROP + id);
      } else {
        want(id, 1 + random.nextInt(HEAVIEST));
      }
    }
  }

  /** Changes each instance a little. */
  void shake() {
    List.copyOf(wanted.keySet()).forEach(id -> want(id, wanted.getOrDefault(id, 0) + 1));
  }

  List<ClientProcess> providers() {
    return providers;
  }

  /** kill -9 of a provider for good: nothing of it may stay. */
  ClientProcess kill(Random random) {
    ClientProcess provider = providers.get(random.nextInt(providers.size()));
    provider.child().kill();
    dead.add(provider);
    homes.forEach((id, home) -> {
      if (home.equals(provider)) {
        wanted.remove(id);
      }
    });
    return provider;
  }

  /** Returns the ids and weights of the instances that have to be registered. */
  Map<String, Integer> wanted() {
    return Map.copyOf(wanted);
  }

  /** Returns the number of orders given. */
  long orders() {
    return orders;
  }
}
