package io.zookit.core.internal.client;

import com.google.common.util.concurrent.Uninterruptibles;
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
import org.apache.zookeeper.client.ZKClientConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Curator client that a client uses: it keeps the connection and creates a new handle after the end of a session.
 *
 * <p>Nothing else of Curator is used. Its operations retry, and a retried request may be overtaken; its recipes mistake
 * nodes of an expired session for their own. Two peculiarities of 5.9.0: without a {@code runSafeService} every client
 * leaves a thread behind, and its ensemble tracker replaces the addresses it was given.
 */
final class CuratorConnection {

  private static final Logger log = LoggerFactory.getLogger(CuratorConnection.class);
  private static final int RETRY_MILLIS = 1000;
  private static final String LAST_ANSWER_MILLIS = "1500";

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
    ZKClientConfig config = settings.zooKeeperConfig();
    return builder.zkClientConfig(config == null ? ownConfig() : config).build();
  }

  /** The one request whose answer is waited for is the last, and a silent server must not keep threads of ours. */
  private static ZKClientConfig ownConfig() {
    ZKClientConfig config = new ZKClientConfig();
    config.setProperty(ZKClientConfig.ZOOKEEPER_REQUEST_TIMEOUT, LAST_ANSWER_MILLIS);
    return config;
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

  /** Tells if the session ends with this connection. */
  boolean owned() {
    return owned;
  }

  /**
   * Ends the session of an owned connection, also in a thread that is interrupted, where ZooKeeper's own close would
   * leave the session behind. With a configuration of the user it may wait for its answer up to two thirds of the
   * session timeout; what is not done within the limit goes on in the background.
   */
  void close(Duration limit) {
    order.close();
    curator.getConnectionStateListenable().removeListener(listener);
    if (!owned) {
      return;
    }
    Thread closing = new Thread(curator::close, "zookit-close");
    closing.setDaemon(true);
    closing.start();
    Uninterruptibles.joinUninterruptibly(closing, limit);
    if (closing.isAlive()) {
      log.warn("the connection does not answer, its session ends by itself");
    }
  }

  private static int millis(Duration duration) {
    return Math.toIntExact(duration.toMillis());
  }
}
