package io.zookit.config.internal.overview;

import io.zookit.config.ConfigStore;
import io.zookit.config.InstanceReleaseStatus;
import io.zookit.config.Namespace;
import io.zookit.config.internal.zk.ConfigPaths;
import io.zookit.core.LiveValue;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.client.Engine;
import io.zookit.core.internal.overview.FolderOverview;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The overviews of a client, shared by all of its stores. An overview that no value is open of costs nothing but its place in
 * a map.
 */
public final class OverviewEngine implements Engine {

  private final CoreClient client;
  private final ConfigPaths paths;
  private final FolderOverview<ConfigStore.Inventory> namespaces;
  private final Map<Namespace, FolderOverview<List<InstanceReleaseStatus>>> instances =
      new ConcurrentHashMap<>();

  private OverviewEngine(CoreClient client) {
    this.client = client;
    this.paths = new ConfigPaths(client.rootPath());
    this.namespaces = new FolderOverview<>(
        client, "overview of namespaces", paths.top(), new NamespaceOverview(paths));
  }

  /** The overviews of a client. */
  public static OverviewEngine in(CoreClient client) {
    return client.engine(OverviewEngine.class, OverviewEngine::new);
  }

  @Override
  public void start() {}

  /** Opens a value with the states of all namespaces. From any thread. */
  public LiveValue<ConfigStore.Inventory> namespaces() {
    return namespaces.open();
  }

  /** Opens a value with the statuses of the live instances of a namespace. From any thread. */
  public LiveValue<List<InstanceReleaseStatus>> instances(Namespace ns) {
    return instances
        .computeIfAbsent(
            ns,
            first -> new FolderOverview<>(
                client,
                "overview of the instances of " + ns,
                paths.acks(ns),
                new InstanceOverview(paths.acks(ns))))
        .open();
  }

  @Override
  public void close() {
    namespaces.close();
    instances.values().forEach(FolderOverview::close);
  }
}
