package io.zookit.spring.config;

import io.zookit.config.ConfigObserver;
import io.zookit.config.ConfigSnapshot;
import io.zookit.config.ConfigStore;
import io.zookit.config.Namespace;
import io.zookit.config.NamespaceState;
import io.zookit.core.LiveValue;
import io.zookit.core.Meters;
import io.zookit.core.Subscription;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkClientBuilder;
import io.zookit.core.ZkException;
import io.zookit.core.ZkTimeoutException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.spring.ZkClientCustomizer;
import io.zookit.spring.ZookitProperties;
import io.zookit.spring.ZookitStartException;
import io.zookit.spring.internal.start.ConfigStores;
import io.zookit.spring.internal.start.Connections;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.boot.context.config.ConfigData;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The namespaces that {@code spring.config.import} names, and the client and the store that read them. Created once for an
 * application, before its environment is complete; its client and store become the beans of the application context.
 *
 * <p>For the starters, which register it with the bootstrap context of their Spring Boot.
 *
 * <p><i>Threads:</i> one at a time until it is promoted, then any.
 */
public final class ConfigImports implements AutoCloseable {

  private static final Duration STANDARD_WAIT = Duration.ofSeconds(10);
  private static final Duration STORED_WAIT = Duration.ofSeconds(2);

  private final String connect;
  private final Duration wait;
  private final ZkClient client;
  private final ConfigStore store;
  private final boolean connected;
  private final LateMeters meters = new LateMeters();
  private final Map<Namespace, LiveValue<ConfigSnapshot>> followed = new LinkedHashMap<>();
  private final Map<Namespace, String> problems = new ConcurrentHashMap<>();
  private final Map<Namespace, CompletableFuture<ConfigSnapshot>> first = new ConcurrentHashMap<>();
  private volatile LiveGeneration current = LiveGeneration.NONE;
  private volatile @Nullable RejectionListener rejections;

  /** Receives the releases that were refused. */
  interface RejectionListener {

    void onRejected(Namespace namespace, int release, List<String> problems);
  }

  private ConfigImports(
      ZookitProperties properties,
      String connect,
      @Nullable ZkClientCustomizer customizer,
      boolean skippable) {
    this.connect = connect;
    this.wait = properties.connectTimeout() == null ? STANDARD_WAIT : properties.connectTimeout();
    ZkClientBuilder builder = Connections.builder(properties, connect).meters(meters);
    if (customizer != null) {
      customizer.customize(builder);
    }
    ZkClient opened = null;
    try {
      opened = Connections.connect(builder, connect);
    } catch (ZookitStartException e) {
      boolean unreachable = e.getCause() instanceof ZkUnavailableException;
      if (!unreachable || (properties.snapshots() == null && !skippable)) {
        throw e;
      }
    }
    this.connected = opened != null;
    this.client = opened != null ? opened : Connections.start(builder, connect);
    this.store = openStore(properties);
  }

  /**
   * Connects for an import.
   *
   * @param resource the first import of the application
   * @param connect the servers
   * @param customizer changes the settings of the client, if there is one
   * @throws ZookitStartException if ZooKeeper cannot be reached, the import is required, and no folder of snapshots is set
   */
  public static ConfigImports open(
      ZookitConfigDataResource resource, String connect, @Nullable ZkClientCustomizer customizer) {
    return new ConfigImports(resource.properties(), connect, customizer, resource.isSkippable());
  }

  private ConfigStore openStore(ZookitProperties properties) {
    try {
      return ConfigStores.builder(properties, client)
          .observer(new ProblemObserver())
          .build();
    } catch (ZookitStartException e) {
      client.close();
      throw e;
    }
  }

  /**
   * Reads a namespace and adds it to what is followed.
   *
   * @param log receives a warning if the import is optional and the namespace cannot be read now
   * @throws ZookitStartException if the import is required and the namespace cannot be read; nothing stays open
   */
  public ConfigData load(ZookitConfigDataResource resource, Log log) {
    Namespace ns = resource.namespace();
    try {
      current = current.with(read(ns));
    } catch (ZookitStartException e) {
      if (!resource.isSkippable()) {
        close();
        throw e;
      }
      log.warn("optional import " + resource + " has no values yet: " + e.description());
    }
    SnapshotPropertySource source = new SnapshotPropertySource(ns, () -> current.snapshot(ns));
    return new ConfigData(
        List.of(source), ConfigData.Option.IGNORE_IMPORTS, ConfigData.Option.IGNORE_PROFILES);
  }

  private ConfigSnapshot read(Namespace ns) {
    CompletableFuture<ConfigSnapshot> arrival = new CompletableFuture<>();
    first.put(ns, arrival);
    LiveValue<ConfigSnapshot> live = store.follow(ns);
    followed.put(ns, live);
    try (Subscription arriving = live.subscribe(arrival::complete)) {
      if (connected) {
        requirePublished(ns);
      }
      return arrival.get((connected ? wait : STORED_WAIT).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreadable(ns, "the start was interrupted", e);
    } catch (TimeoutException e) {
      String reason = connected
          ? "no release within " + wait.toMillis() + " ms"
          : "ZooKeeper cannot be reached at " + connect + ", and no snapshot is stored";
      throw unreadable(ns, problems.getOrDefault(ns, reason), e);
    } catch (ExecutionException e) {
      throw unreadable(ns, problems.getOrDefault(ns, String.valueOf(e.getMessage())), e);
    } catch (ZkTimeoutException | ZkUnavailableException e) {
      return live.latest().orElseThrow(() -> unreadable(ns, String.valueOf(e.getMessage()), e));
    } catch (ZkException e) {
      throw unreadable(ns, String.valueOf(e.getMessage()), e);
    } finally {
      first.remove(ns);
    }
  }

  private void requirePublished(Namespace ns) throws InterruptedException {
    Optional<NamespaceState> state = store.state(ns);
    boolean deleted = state.map(NamespaceState::deleted).orElse(false);
    if (deleted || state.isEmpty() || state.get().lastRelease() == 0) {
      throw new ZookitStartException(
          "The configuration " + ns + " "
              + (deleted ? "was deleted." : "has never been published."),
          (deleted
                  ? "Restore it (zookit config ns restore " + ns + ")"
                  : "Publish it (zookit config publish " + ns + " -f FILE)")
              + ", or write spring.config.import=optional:zookit:" + ns
              + " to start without it.");
    }
  }

  private ZookitStartException unreadable(Namespace ns, String reason, Exception cause) {
    return new ZookitStartException(
        "The configuration " + ns + " cannot be read: " + reason + ".",
        "Correct the cause; for secrets, zookit.keys must have the key that they were sealed with. With"
            + " zookit.snapshots=FOLDER the application starts from its last good release, with"
            + " spring.config.import=optional:zookit:" + ns + " without it.",
        cause);
  }

  /** Makes the client, the store and this object beans of an application context, which closes them last. */
  public void promote(ConfigurableApplicationContext context) {
    ConfigurableListableBeanFactory beans = context.getBeanFactory();
    beans.registerSingleton("zookitConfigImports", this);
    beans.registerSingleton("zookitClient", client);
    beans.registerSingleton("zookitConfigStore", store);
    if (beans instanceof DefaultSingletonBeanRegistry registry) {
      registry.registerDisposableBean("zookitConfigImports", this::close);
    }
  }

  /** The servers that the imports are read from. */
  String connectString() {
    return connect;
  }

  /** Sends the measurements of the client to those of the application. */
  void attach(Meters applications) {
    meters.attach(applications);
  }

  /** Sets the receiver of releases that are refused from now on. */
  void onRejected(RejectionListener listener) {
    rejections = listener;
  }

  /** Follows the imported namespaces for a participant. */
  Subscription follow(ConfigStore.Participant participant) {
    return store.follow(Set.copyOf(followed.keySet()), participant);
  }

  /** The generation in force. */
  public LiveGeneration generation() {
    return current;
  }

  /** Replaces the generation for all readers at once. */
  void replace(LiveGeneration next) {
    current = next;
  }

  /** Stops following and ends the session. Idempotent. */
  @Override
  public void close() {
    followed.values().forEach(LiveValue::close);
    client.close();
  }

  /** Remembers why a namespace has no value, for the text of a failed start. */
  private final class ProblemObserver implements ConfigObserver {

    @Override
    public void onRejected(Namespace namespace, int release, List<String> reasons) {
      String all = "release " + release + " was refused: " + String.join("; ", reasons);
      problems.put(namespace, all);
      CompletableFuture<ConfigSnapshot> waiting = first.get(namespace);
      if (waiting != null) {
        waiting.completeExceptionally(new IllegalStateException(all));
      }
      RejectionListener listener = rejections;
      if (listener != null) {
        listener.onRejected(namespace, release, reasons);
      }
    }

    @Override
    public void onUnreadable(Namespace namespace, String reason) {
      problems.put(namespace, reason);
    }

    @Override
    public void onUnsupported(Namespace namespace, String what) {
      problems.put(namespace, what);
    }
  }
}
