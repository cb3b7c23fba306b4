package io.zookit.core.internal.client;

import com.google.common.util.concurrent.Uninterruptibles;
import java.time.Duration;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection of a client, which brings one handle of the library after the other. */
interface ClientConnection {

  /** Tells if the session ends with this connection. */
  boolean owned();

  /** Ends the session of a handle here, and brings a handle of a new one. On the loop. */
  void endSession(ZooKeeper handle);

  /**
   * Ends the session of an owned connection, also in a thread that is interrupted, where ZooKeeper's own close would
   * leave the session behind. With a configuration of the user it may wait for its answer up to two thirds of the
   * session timeout; what is not done within the limit goes on in the background.
   */
  void close(Duration limit);

  /** Runs what closes a connection in a thread of its own, and waits for it no longer than the limit. */
  static void closeWithin(Duration limit, Runnable close) {
    Thread closing = new Thread(close, "zookit-close");
    closing.setDaemon(true);
    closing.start();
    Uninterruptibles.joinUninterruptibly(closing, limit);
    if (closing.isAlive()) {
      Logger log = LoggerFactory.getLogger(ClientConnection.class);
      log.warn("the connection does not answer, its session ends by itself");
    }
  }

  /**
   * Returns the library's configuration. The one request whose answer is waited for is the last, and a silent server must
   * not keep threads of the client.
   */
  static ZKClientConfig config(ClientSettings settings) {
    ZKClientConfig given = settings.zooKeeperConfig();
    if (given != null) {
      return given;
    }
    ZKClientConfig config = new ZKClientConfig();
    config.setProperty(ZKClientConfig.ZOOKEEPER_REQUEST_TIMEOUT, "1500");
    return config;
  }
}
