package io.zookit.registry;

import io.zookit.core.ZkClient;
import io.zookit.core.internal.CoreClient;
import java.time.Duration;

/** The options of a {@link ServiceRegistry}. */
public final class ServiceRegistryBuilder {

  private static final Duration STANDARD_GRACE = Duration.ofSeconds(2);

  private final RegistryEngine engine;
  private RegistryObserver observer = new RegistryObserver() {};
  private Duration grace = STANDARD_GRACE;

  ServiceRegistryBuilder(ZkClient client) {
    this.engine = RegistryEngine.in(CoreClient.of(client));
  }

  /** Who hears of the transitions of what is registered and discovered here. Default: nobody. */
  public ServiceRegistryBuilder observer(RegistryObserver observer) {
    this.observer = observer;
    return this;
  }

  /**
   * How long an instance that is {@linkplain Registration#close closed} says that it is leaving before it goes, zero or
   * more. Default 2 s; with less a consumer that is slow for a moment takes the end for a crash.
   */
  public ServiceRegistryBuilder grace(Duration grace) {
    this.grace = RegistryEngine.requireNotNegative("grace", grace);
    return this;
  }

  /** Makes the registry; nothing is sent. */
  public ServiceRegistry build() {
    RegistryObservers observers =
        new RegistryObservers(observer, engine.client().lane("registry observer"));
    return new ClientRegistry(engine, observers, grace);
  }
}
