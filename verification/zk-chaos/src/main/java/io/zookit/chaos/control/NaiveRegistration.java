package io.zookit.chaos.control;

import io.zookit.chaos.experiment.ChildArguments;
import io.zookit.chaos.experiment.Stopwatch;
import java.io.IOException;
import java.time.Duration;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A control: holds an ephemeral node of its own, as textbooks show it. When it was disconnected for a whole session
 * timeout it gives the session up, as Curator does, opens another one and creates the node again; but it leaves the session
 * before to the servers, and with it the node, which is in its way until they end it.
 */
public final class NaiveRegistration implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(NaiveRegistration.class);
  private static final Duration LOOK = Duration.ofMillis(200);

  private final ChildArguments arguments;
  private final String path;
  private final Runnable held;
  private volatile ZooKeeper zk;
  private Stopwatch connected = new Stopwatch();

  /**
   * Connects in the background.
   *
   * @param held called repeatedly while the current session owns the node
   */
  public NaiveRegistration(ChildArguments arguments, Runnable held) throws IOException {
    this.arguments = arguments;
    this.path = "/textbook-claim-" + arguments.member();
    this.held = held;
    this.zk = connect();
  }

  private ZooKeeper connect() throws IOException {
    return new ZooKeeper(arguments.addresses(), (int) arguments.session().toMillis(), event -> {});
  }

  /** Holds the node until the end. */
  public void hold() throws InterruptedException, IOException {
    while (true) {
      if (hasGivenUp()) {
        zk.close(1);
        zk = connect();
        connected = new Stopwatch();
      }
      if (isMine()) {
        held.run();
      }
      Stopwatch.pause(LOOK);
    }
  }

  private boolean hasGivenUp() {
    if (zk.getState().isConnected()) {
      connected = new Stopwatch();
    }
    return !zk.getState().isAlive() || connected.hasPassed(arguments.session());
  }

  private boolean isMine() throws InterruptedException {
    if (!zk.getState().isConnected()) {
      return false; // a request would wait for the connection, and with it the giving up
    }
    try {
      Stat stat = zk.exists(path, false);
      if (stat == null) {
        zk.create(path, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        return true;
      }
      return stat.getEphemeralOwner() == zk.getSessionId();
    } catch (KeeperException e) {
      log.debug("not claimed", e);
      return false;
    }
  }

  @Override
  public void close() throws InterruptedException {
    zk.close(1);
  }
}
