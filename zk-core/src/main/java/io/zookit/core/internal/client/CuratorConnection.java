package io.zookit.core.internal.client;

import io.zookit.core.internal.session.Credentials;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.imps.CuratorFrameworkState;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.framework.state.ConnectionStateListener;
import org.apache.curator.retry.RetryForever;
import org.apache.zookeeper.ZooKeeper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection of a Curator client that was given, or that follows the ensemble's configuration: Curator keeps the
 * connection, and creates a new handle with a new session when it gives one up.
 *
 * <p>Nothing else of Curator is used. Its operations retry, and a retried request may be overtaken; its recipes mistake
 * nodes of an expired session for their own. Two peculiarities of 5.9.0: without a {@code runSafeService} every client
 * leaves a thread behind, and its ensemble tracker replaces the addresses it was given.
 */
final class CuratorConnection implements ClientConnection {

  private static final Logger log = LoggerFactory.getLogger(CuratorConnection.class);
  private static final int RETRY_MILLIS = 1000;

  /** The number of background failures that Curator keeps; each request for the handle throws one of them. */
  private static final int KEPT_FAILURES = 10;

  private final CuratorFramework curator;
  private final boolean owned;
  private final ServerOrder order;
  private final ConnectionStateListener listener;

  private CuratorConnection(
      CuratorFramework curator, boolean owned, ServerOrder order, Consumer<ZooKeeper> connected) {
    this.curator = curator;
    this.owned = owned;
    this.order = order;
    this.listener = (client, state) -> {
      if (state == ConnectionState.CONNECTED || state == ConnectionState.RECONNECTED) {
        tell(connected);
      }
    };
  }

  /**
   * Starts the connection, or listens to one that exists.
   *
   * @param order in which the servers are tried; a given Curator client has its own
   * @param connected receives the handle in use at every connect, on a thread of Curator
   */
  static CuratorConnection open(
      ClientSettings settings,
      Executor executor,
      ServerOrder order,
      Consumer<ZooKeeper> connected) {
    CuratorFramework given = settings.curator();
    CuratorFramework curator = given == null ? make(settings, executor, order) : given;
    CuratorConnection connection =
        new CuratorConnection(curator, settings.owned(), order, connected);
    curator.getConnectionStateListenable().addListener(connection.listener);
    if (curator.getState() == CuratorFrameworkState.LATENT && settings.owned()) {
      curator.start();
    } else if (curator.getZookeeperClient().isConnected()) {
      connection.tell(connected);
    }
    return connection;
  }

  private static CuratorFramework make(
      ClientSettings settings, Executor executor, ServerOrder order) {
    CuratorFrameworkFactory.Builder builder = CuratorFrameworkFactory.builder()
        .connectString(Objects.requireNonNull(settings.connectString()))
        .sessionTimeoutMs(millis(settings.sessionTimeout()))
        .connectionTimeoutMs(
            Math.min(millis(settings.connectTimeout()), millis(settings.sessionTimeout())))
        .retryPolicy(new RetryForever(RETRY_MILLIS))
        .zookeeperFactory(order)
        .runSafeService(executor)
        .ensembleTracker(settings.ensembleFollowed());
    Credentials credentials = settings.credentials();
    if (credentials != null) {
      builder.authorization(
          credentials.scheme(), credentials.secret().getBytes(StandardCharsets.UTF_8));
    }
    return builder.zkClientConfig(ClientConnection.config(settings)).build();
  }

  static String connectString(ClientSettings settings) {
    CuratorFramework given = settings.curator();
    return given == null
        ? Objects.requireNonNull(settings.connectString())
        : given.getZookeeperClient().getCurrentConnectionString();
  }

  private void tell(Consumer<ZooKeeper> connected) {
    for (int i = 0; i <= KEPT_FAILURES; i++) {
      try {
        ZooKeeper handle = curator.getZookeeperClient().getZooKeeper();
        if (handle != null) {
          connected.accept(handle);
        }
        return;
      } catch (Exception e) { // Curator declares no narrower type
        log.warn("Curator had kept a failure of its background", e);
      }
    }
  }

  @Override
  public boolean owned() {
    return owned;
  }

  @Override
  public void endSession(ZooKeeper handle) {
    handle.getTestable().injectSessionExpiration();
  }

  @Override
  public void close(Duration limit) {
    order.close();
    curator.getConnectionStateListenable().removeListener(listener);
    if (owned) {
      ClientConnection.closeWithin(limit, curator::close);
    }
  }

  private static int millis(Duration duration) {
    return Math.toIntExact(duration.toMillis());
  }
}
