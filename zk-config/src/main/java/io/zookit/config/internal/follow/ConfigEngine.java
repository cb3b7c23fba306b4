package io.zookit.config.internal.follow;

import io.zookit.config.Namespace;
import io.zookit.config.internal.follow.DecodedCache.CacheScope;
import io.zookit.config.internal.follow.DecodedCache.CacheShare;
import io.zookit.config.internal.model.StoreSettings;
import io.zookit.config.internal.zk.ConfigPaths;
import io.zookit.core.ZkException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.client.Engine;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.core.internal.session.SessionListener;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one client follows: one {@link HeadWatcher} a namespace, shared by all stores, and what each store
 * makes of it.
 *
 * <p><i>Threads:</i> the loop, unless said otherwise.
 */
public final class ConfigEngine implements Engine, SessionListener {

  private final CoreClient client;
  private final ConfigPaths paths;
  private final Map<Namespace, HeadWatcher> heads = new HashMap<>();
  private final Map<StoreSettings, ConfigSubscriptions> followings = new ConcurrentHashMap<>();
  private @Nullable SessionHandle handle;
  private String cluster = "";
  private final StatusGathering statuses;
  private volatile CacheShare cache = CacheShare.NONE;
  private boolean closed;

  private ConfigEngine(CoreClient client) {
    this.client = client;
    this.paths = new ConfigPaths(client.rootPath());
    this.statuses = new StatusGathering(
        client.loop(), client.timekeeper(), updates -> client.ownedNodes().update(updates));
  }

  /** The engine of a client. */
  public static ConfigEngine in(CoreClient client) {
    return client.engine(ConfigEngine.class, ConfigEngine::new);
  }

  @Override
  public void start() {
    client.onSessions(this);
  }

  CoreClient client() {
    return client;
  }

  ConfigPaths paths() {
    return paths;
  }

  /** The incarnation of the data; 0 while it is not known. */
  static long incarnation(CoreClient client) {
    try {
      return client.incarnation();
    } catch (ZkException e) {
      return 0; // not read yet, or damaged, which the client reports itself
    }
  }

  /** The name of this ensemble's data; empty while not known. On the loop. */
  String cluster() {
    return cluster;
  }

  /** The decoded values that this client shares with others of this JVM. From any thread. */
  CacheShare cache() {
    return cache;
  }

  /** The reports of all stores of the client. On the loop. */
  StatusGathering statuses() {
    return statuses;
  }

  /** Returns the subscriptions of a store; stores with equal settings share them. */
  public ConfigSubscriptions following(StoreSettings settings) {
    ConfigSubscriptions known = followings.get(settings);
    if (known != null) {
      return known;
    }
    // Made outside of any lock; one that is too many follows nothing and costs nothing.
    ConfigSubscriptions made = new ConfigSubscriptions(this, settings);
    ConfigSubscriptions first = followings.putIfAbsent(settings, made);
    return first == null ? made : first;
  }

  /** Follows the head of a namespace. On the loop. */
  public HeadWatcher attach(Namespace ns, HeadWatcher.Listener listener) {
    HeadWatcher watcher = heads.computeIfAbsent(ns, this::open);
    watcher.add(listener);
    return watcher;
  }

  /** Ends {@link #attach}. */
  void detach(Namespace ns, HeadWatcher.Listener listener) {
    HeadWatcher watcher = heads.get(ns);
    if (watcher != null && watcher.remove(listener)) {
      heads.remove(ns);
      watcher.close();
    }
  }

  private HeadWatcher open(Namespace ns) {
    HeadWatcher watcher = new HeadWatcher(client, paths.head(ns), this::cache, this::learnCluster);
    if (handle != null && handle.isConnected()) {
      watcher.onConnected(handle);
    }
    return watcher;
  }

  /** The name is given by the first publish, perhaps after this client connected. */
  private void learnCluster() {
    if (cluster.isEmpty() && handle != null) {
      handle.getData(paths.cluster(), null, read -> {
        if (read.isOk()) {
          cluster = new String(read.get().data(), StandardCharsets.US_ASCII);
          openCache();
        }
      });
    }
  }

  /** Shares what is decoded with clients of the same ensemble, root and credentials; with none while these are unknown. */
  private void openCache() {
    if (closed || cluster.equals(cache.scope().cluster())) {
      return;
    }
    cache.close();
    cache = client
        .credentialsFingerprint()
        .map(credentials -> DecodedCache.OF_THIS_JVM.open(
            new CacheScope(cluster, client.rootPath().value(), credentials)))
        .orElse(CacheShare.NONE);
  }

  @Override
  public void onConnected(SessionHandle connected) {
    if (closed) {
      return;
    }
    handle = connected;
    cluster = "";
    new ArrayList<>(heads.values()).forEach(watcher -> watcher.onConnected(connected));
  }

  @Override
  public void onSuspect(SessionHandle suspect) {
    new ArrayList<>(heads.values()).forEach(HeadWatcher::onSuspect);
  }

  @Override
  public void onLost(SessionHandle lost) {
    handle = null;
    new ArrayList<>(heads.values()).forEach(watcher -> watcher.onLost(lost));
  }

  @Override
  public void close() {
    client.loop().execute(() -> {
      closed = true;
      statuses.close();
      followings.values().forEach(ConfigSubscriptions::close);
      heads.values().forEach(HeadWatcher::close);
      heads.clear();
      cache.close();
    });
  }
}
