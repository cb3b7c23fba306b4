package io.zookit.benchmarks.registry;

import io.zookit.core.ZkClient;
import io.zookit.registry.ChangeCause;
import io.zookit.registry.Pick;
import io.zookit.registry.Registration;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceListener;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.ServiceView;
import io.zookit.registry.balance.Balancer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.retry.ExponentialBackoffRetry;
import org.apache.curator.x.discovery.ServiceCache;
import org.apache.curator.x.discovery.ServiceDiscovery;
import org.apache.curator.x.discovery.ServiceDiscoveryBuilder;
import org.apache.curator.x.discovery.ServiceInstanceBuilder;
import org.apache.curator.x.discovery.ServiceProvider;
import org.apache.curator.x.discovery.details.ServiceCacheListener;
import org.jspecify.annotations.Nullable;

/** A service of an implementation, as a provider and as a consumer; {@code close()} ends the connection. */
interface BenchDiscovery extends AutoCloseable {

  int PORT = 8080;
  int HOSTS = 250;

  /**
   * Registers {@code instances} instances and waits until they are registered.
   *
   * @param first the number of the first
   */
  void register(int first, int instances) throws Exception;

  /** Follows the service until it has {@code instances} instances. */
  void follow(int instances) throws Exception;

  /** Receives what happens to the instances of a service. */
  interface ArrivalListener {
    default void onAppeared() {}

    default void onChanged() {}

    default void onDisappeared() {}
  }

  /** The same for a listener, which is notified of each change from now on. */
  void listen(int instances, ArrivalListener listener) throws Exception;

  /** Registers one more instance, under a number that has none. */
  void appear(int number) throws Exception;

  /** Ends the instance that was registered by the call of {@link #appear} with an index since all of them ended. */
  void disappear(int index) throws Exception;

  /** Changes the data of one of the registered instances; a number that was not used before makes a change. */
  void change(int number) throws Exception;

  /** Chooses an instance. */
  void choose() throws Exception;

  /** Chooses an instance for a call and tells that it succeeded. */
  void pick() throws Exception;

  @Override
  void close() throws Exception;

  /** Instances are on hosts of their own, as containers are. */
  static String host(int number) {
    return "10.1." + number / HOSTS + "." + number % HOSTS;
  }

  static BenchDiscovery connect(String implementation, String address, String service)
      throws Exception {
    return implementation.equals("zookit")
        ? new ZookitDiscovery(address, service)
        : new CuratorDiscovery(address, service);
  }

  /** Zookit. */
  final class ZookitDiscovery implements BenchDiscovery {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private final ZkClient client;
    private final ServiceRegistry registry;
    private final String service;
    private final Balancer random = Balancer.random();
    private final List<Registration> registered = new ArrayList<>();
    private final List<Registration> arrived = new ArrayList<>();
    private @Nullable ServiceView view;

    ZookitDiscovery(String address, String service) {
      this.client =
          ZkClient.builder(address).sessionTimeout(Duration.ofSeconds(30)).connect();
      this.registry = ServiceRegistry.builder(client).grace(Duration.ZERO).build();
      this.service = service;
    }

    @Override
    public void register(int first, int instances) throws InterruptedException {
      for (int i = first; i < first + instances; i++) {
        registered.add(registry.register(ServiceInstance.at(service, host(i), PORT)));
      }
      for (Registration each : registered) {
        each.awaitRegistered(PATIENCE);
      }
    }

    @Override
    public void follow(int instances) throws InterruptedException {
      ServiceView followed = registry.discover(service).awaitReady(PATIENCE);
      if (followed.current().size() != instances) {
        throw new IllegalStateException("instances: " + followed.current().size());
      }
      view = followed;
    }

    @Override
    public void listen(int instances, ArrivalListener listener) throws InterruptedException {
      follow(instances);
      CountDownLatch known = new CountDownLatch(instances);
      Objects.requireNonNull(view).subscribe(new ServiceListener() {
        @Override
        public void onAdded(ServiceInstance instance, ChangeCause cause) {
          if (known.getCount() > 0) {
            known.countDown();
          } else {
            listener.onAppeared();
          }
        }

        @Override
        public void onRemoved(ServiceInstance last, ChangeCause cause) {
          listener.onDisappeared();
        }

        @Override
        public void onChanged(ServiceInstance before, ServiceInstance after, ChangeCause cause) {
          listener.onChanged();
        }
      });
      known.await();
    }

    @Override
    public void appear(int number) {
      arrived.add(registry.register(ServiceInstance.at(service, host(number), PORT)));
    }

    @Override
    public void disappear(int index) {
      arrived.get(index).drain(Duration.ZERO);
      if (index == arrived.size() - 1) {
        arrived.clear();
      }
    }

    @Override
    public void change(int number) {
      registered.get(registered.size() / 2).update(each -> each.withWeight(number));
    }

    @Override
    public void choose() {
      Objects.requireNonNull(view).choose(random);
    }

    @Override
    public void pick() {
      try (Pick pick = Objects.requireNonNull(view).pick()) {
        pick.succeeded();
      }
    }

    @Override
    public void close() {
      client.close();
    }
  }

  /** Curator's service discovery. */
  final class CuratorDiscovery implements BenchDiscovery {
    private final CuratorFramework client;
    private final ServiceDiscovery<Void> discovery;
    private final String service;
    private @Nullable ServiceProvider<Void> provider;
    private final List<org.apache.curator.x.discovery.ServiceInstance<Void>> arrived =
        new ArrayList<>();
    private int registered;

    CuratorDiscovery(String address, String service) throws Exception {
      this.client = CuratorFrameworkFactory.builder()
          .connectString(address)
          .sessionTimeoutMs(30_000)
          .connectionTimeoutMs(10_000)
          .retryPolicy(new ExponentialBackoffRetry(100, 5))
          .build();
      client.start();
      client.blockUntilConnected();
      this.discovery = ServiceDiscoveryBuilder.builder(Void.class)
          .client(client)
          .basePath("/bench-discovery")
          .build();
      discovery.start();
      this.service = service;
    }

    @Override
    public void register(int first, int instances) throws Exception {
      for (int i = first; i < first + instances; i++) {
        discovery.registerService(instance(i).build());
      }
      registered = instances;
    }

    private ServiceInstanceBuilder<Void> instance(int number) throws Exception {
      return org.apache.curator.x.discovery.ServiceInstance.<Void>builder()
          .name(service)
          .id(host(number) + "-" + PORT)
          .address(host(number))
          .port(PORT);
    }

    @Override
    public void follow(int instances) throws Exception {
      ServiceProvider<Void> started =
          discovery.serviceProviderBuilder().serviceName(service).build();
      started.start();
      if (started.getAllInstances().size() != instances) {
        throw new IllegalStateException(
            "instances: " + started.getAllInstances().size());
      }
      provider = started;
    }

    @Override
    public void listen(int instances, ArrivalListener listener) throws Exception {
      ServiceCache<Void> cache = discovery.serviceCacheBuilder().name(service).build();
      cache.start();
      if (cache.getInstances().size() != instances) {
        throw new IllegalStateException("instances: " + cache.getInstances().size());
      }
      cache.addListener(new ServiceCacheListener() {
        private int size = instances;

        @Override
        public void cacheChanged() {
          int before = size;
          size = cache.getInstances().size();
          if (size > before) {
            listener.onAppeared();
          } else if (size < before) {
            listener.onDisappeared();
          } else {
            listener.onChanged();
          }
        }

        @Override
        public void stateChanged(CuratorFramework changed, ConnectionState state) {}
      });
    }

    @Override
    public void change(int number) throws Exception {
      discovery.updateService(instance(registered / 2).sslPort(number).build());
    }

    @Override
    public void appear(int number) throws Exception {
      org.apache.curator.x.discovery.ServiceInstance<Void> instance =
          instance(number).build();
      discovery.registerService(instance);
      arrived.add(instance);
    }

    @Override
    public void disappear(int index) throws Exception {
      discovery.unregisterService(arrived.get(index));
      if (index == arrived.size() - 1) {
        arrived.clear();
      }
    }

    @Override
    public void choose() throws Exception {
      Objects.requireNonNull(provider).getInstance();
    }

    @Override
    public void pick() throws Exception {
      Objects.requireNonNull(provider).getInstance();
    }

    @Override
    public void close() {
      client.close();
    }
  }
}
