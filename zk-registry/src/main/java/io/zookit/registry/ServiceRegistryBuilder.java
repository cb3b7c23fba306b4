package io.zookit.registry;

import io.zookit.core.ZkClient;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.registry.balance.Balancer;
import io.zookit.registry.internal.ClientRegistry;
import io.zookit.registry.internal.RegistryEngine;
import io.zookit.registry.internal.runtime.RegistryObservers;
import io.zookit.registry.internal.runtime.RegistryOptions;
import io.zookit.registry.internal.runtime.RegistryRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;

/** The options of a {@link ServiceRegistry}. */
public final class ServiceRegistryBuilder {

  private final RegistryEngine engine;
  private RegistryObserver observer = new RegistryObserver() {};
  private RegistryOptions options = RegistryOptions.STANDARD;

  ServiceRegistryBuilder(ZkClient client) {
    this.engine = RegistryEngine.in(CoreClient.of(client));
  }

  /** Sets the observer of registrations and views of this registry. Default: none. */
  public ServiceRegistryBuilder observer(RegistryObserver observer) {
    this.observer = observer;
    return this;
  }

  /**
   * Sets the time between the goodbye of an instance that is {@linkplain Registration#close closed} and its end, zero or
   * more. Default: 2 s. With less, a consumer that is slow for a moment mistakes the end for a crash.
   */
  public ServiceRegistryBuilder grace(Duration grace) {
    options = options.withGrace(RegistryRuntime.requireNotNegative("grace", grace));
    return this;
  }

  /**
   * The rule by which views choose, such as {@code () -> Balancer.weightedRandom().preferringZone("a")}. Default {@link
   * Balancer#adaptive}.
   *
   * @param rule called once for each view
   */
  public ServiceRegistryBuilder balancer(Supplier<Balancer> rule) {
    options = options.withRule(rule);
    return this;
  }

  /**
   * Keeps the last view of each service in a file, so that a process can start while ZooKeeper cannot be reached; its
   * {@link ServiceView#age} tells how old it is. Default: none.
   *
   * <p><i>Cost:</i> one small file for each service, written at most once a second.
   *
   * @param folder made when it is not there; of this process alone
   * @param maxAge older files are not used, zero or more
   */
  public ServiceRegistryBuilder files(Path folder, Duration maxAge) {
    options = options.withFiles(folder, RegistryRuntime.requireNotNegative("maxAge", maxAge));
    return this;
  }

  /**
   * Lets operators see which consumers follow a service: {@link ServiceRegistry#consumers}. Default: no.
   *
   * <p><i>Cost:</i> 1 small node for each service that is followed.
   */
  public ServiceRegistryBuilder announcePresence() {
    options = options.withPresence();
    return this;
  }

  /**
   * Probes instances that vanished without a goodbye for their identity, while ZooKeeper can be reached: those that are
   * no longer at their address are forgotten at once. Default: no probe. Views of one service in one client share the
   * first probe.
   *
   * <p><i>Cost:</i> at most 8 queries in flight for each service, each instance queried about every 30 s.
   */
  public ServiceRegistryBuilder probe(InstanceProbe probe) {
    options = options.withProbe(probe);
    return this;
  }

  /** Makes the registry; nothing is sent. */
  public ServiceRegistry build() {
    RegistryObservers observers =
        new RegistryObservers(observer, engine.runtime().client().lane("registry observer"));
    return new ClientRegistry(engine, observers, options);
  }
}
