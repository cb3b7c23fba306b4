package io.zookit.testkit;

import io.zookit.testkit.internal.host.Poll;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;

/**
 * Ending the session of a client, on either side.
 *
 * <p>The two differ: code that survives the one may fail at the other, so test both.
 */
public final class Sessions {

  private static final int TIMEOUT_MILLIS = 30_000;

  private Sessions() {}

  /**
   * Ends a session on the server while the client still believes in it: its ephemeral nodes are gone when this returns,
   * and the client learns of it some time later, when it connects again.
   *
   * <p>A second handle takes the session over by its id and password and closes it.
   *
   * @param client a connected client; it is not closed
   * @param connectString any server of its ensemble
   * @throws IllegalStateException if the session could not be taken over, so nothing has happened to it
   */
  public static void expireOnServer(ZooKeeper client, String connectString)
      throws InterruptedException {
    CountDownLatch decided = new CountDownLatch(1);
    try (ZooKeeper second = new ZooKeeper(
        connectString,
        client.getSessionTimeout() > 0 ? client.getSessionTimeout() : TIMEOUT_MILLIS,
        event -> {
          if (event.getState() == KeeperState.SyncConnected
              || event.getState() == KeeperState.Expired) {
            decided.countDown();
          }
        },
        client.getSessionId(),
        client.getSessionPasswd())) {
      if (!decided.await(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("no server of " + connectString + " took the session over");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Ends a session on the client: its watcher is notified at once, while the ephemeral nodes stay on the server until its
   * timeout, as they do when a client finds out late.
   */
  public static void expireOnClient(ZooKeeper client) {
    client.getTestable().injectSessionExpiration();
  }

  /**
   * Waits until a client is notified that its session has ended.
   *
   * @return whether it was, in time
   */
  public static boolean awaitExpired(ZooKeeper client, Duration atMost)
      throws InterruptedException {
    return Poll.until(atMost, () -> !client.getState().isAlive());
  }
}
