package io.zookit.core.internal;

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
 * The Curator client under a client of ours: it keeps the connection and makes a new handle after a session.
 *
 * <p>Nothing else of Curator is used. Its operations retry, and a retried request may be overtaken; its recipes take
 * nodes of an expired session for their own. Two things to know of 5.9.0: without a {@code runSafeService} every client
 * leaves a thread behind, and its ensemble tracker replaces the addresses it was given.
 */
final class CuratorConnection {

  private static final Logger log = LoggerFactory.getLogger(CuratorConnection.class);
  private static final int RETRY_MILLIS = 1000;

  private final CuratorFramework curator;
  private final boolean owned;
  private final ConnectionStateListener listener;

  private CuratorConnection(
      CuratorFramework curator, boolean owned, Consumer<ZooKeeper> connected) {
    this.curator = curator;
    this.owned = owned;
    this.listener = (client, state) -> {
      if (state == ConnectionState.CONNECTED || state == ConnectionState.RECONNECTED) {
        tell(connected);
      }
    };
  }

  /**
   * Starts the connection, or listens to one that is there.
   *
   * @param connected told of the handle in use at every connect, on a thread of Curator
   */
  static CuratorConnection open(
      ClientSettings settings, Executor executor, Consumer<ZooKeeper> connected) {
    CuratorFramework given = settings.curator();
    CuratorFramework curator = given == null ? make(settings, executor) : given;
    CuratorConnection connection = new CuratorConnection(curator, settings.owned(), connected);
    curator.getConnectionStateListenable().addListener(connection.listener);
    if (curator.getState() == CuratorFrameworkState.LATENT && settings.owned()) {
      curator.start();
    } else if (curator.getZookeeperClient().isConnected()) {
      connection.tell(connected);
    }
    return connection;
  }

  private static CuratorFramework make(ClientSettings settings, Executor executor) {
    CuratorFrameworkFactory.Builder builder = CuratorFrameworkFactory.builder()
        .connectString(Objects.requireNonNull(settings.connectString()))
        .sessionTimeoutMs(millis(settings.sessionTimeout()))
        .connectionTimeoutMs(millis(settings.connectTimeout()))
        .retryPolicy(new RetryForever(RETRY_MILLIS))
        .runSafeService(executor)
        .ensembleTracker(settings.ensembleFollowed());
    ClientSettings.Credentials credentials = settings.credentials();
    if (credentials != null) {
      builder.authorization(
          credentials.scheme(), credentials.secret().getBytes(StandardCharsets.UTF_8));
    }
    if (settings.zooKeeperConfig() != null) {
      builder.zkClientConfig(settings.zooKeeperConfig());
    }
    return builder.build();
  }

  static String connectString(ClientSettings settings) {
    CuratorFramework given = settings.curator();
    return given == null
        ? Objects.requireNonNull(settings.connectString())
        : given.getZookeeperClient().getCurrentConnectionString();
  }

  private void tell(Consumer<ZooKeeper> connected) {
    try {
      ZooKeeper handle = curator.getZookeeperClient().getZooKeeper();
      if (handle != null) {
        connected.accept(handle);
      }
    } catch (Exception e) { // Curator declares no narrower type; its next state change tells again
      log.warn("Curator has no handle to give after a connect", e);
    }
  }

  /**
   * Ends the session of an owned connection. ZooKeeper's own close waits for its answer, on a silent connection up to two
   * thirds of the session timeout; what is not done within the limit goes on by itself.
   */
  void close(Duration limit) {
    curator.getConnectionStateListenable().removeListener(listener);
    if (!owned) {
      return;
    }
    Thread closing = new Thread(curator::close, "zookit-close");
    closing.setDaemon(true);
    closing.start();
    try {
      closing.join(limit.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (closing.isAlive()) {
      log.warn("the connection does not answer, its session ends by itself");
    }
  }

  private static int millis(Duration duration) {
    return Math.toIntExact(duration.toMillis());
  }
}
