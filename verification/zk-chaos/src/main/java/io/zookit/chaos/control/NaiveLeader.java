package io.zookit.chaos.control;

import io.zookit.chaos.experiment.ChildArguments;
import io.zookit.chaos.experiment.Stopwatch;
import io.zookit.core.Timekeeper;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongConsumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Control that runs a slot each second of the machine's clock while it considers itself the leader. In the textbook
 * way, the creator of an ephemeral node leads until it receives the end of its session; nothing stops a leader that
 * learns of it late.
 */
public final class NaiveLeader implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(NaiveLeader.class);
  private static final String PATH = "/textbook-leader";
  private static final Duration LOOK = Duration.ofMillis(20);

  private final ChildArguments arguments;
  private final LongConsumer ran;
  private volatile ZooKeeper zk;
  private boolean leads;

  /**
   * Connects in the background.
   *
   * @param ran receives the slots that this process runs, in seconds since 1970
   */
  public NaiveLeader(ChildArguments arguments, LongConsumer ran) throws IOException {
    this.arguments = arguments;
    this.ran = ran;
    this.zk = connect();
  }

  private ZooKeeper connect() throws IOException {
    return new ZooKeeper(arguments.addresses(), (int) arguments.session().toMillis(), event -> {});
  }

  /** Runs due slots indefinitely. */
  public void lead() throws InterruptedException, IOException {
    long last = 0;
    while (true) {
      long slot = Timekeeper.system().now().getEpochSecond();
      if (slot != last && isLeader()) {
        ran.accept(slot);
      }
      last = slot;
      Stopwatch.pause(LOOK);
    }
  }

  private boolean isLeader() throws InterruptedException, IOException {
    if (!zk.getState().isAlive()) {
      zk = connect();
      leads = false;
    }
    if (!leads) {
      leads = stand();
    }
    return leads;
  }

  private boolean stand() throws InterruptedException {
    try {
      Stat stat = zk.exists(PATH, false);
      if (stat == null) {
        zk.create(PATH, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        return true;
      }
      return stat.getEphemeralOwner() == zk.getSessionId();
    } catch (KeeperException e) {
      log.debug("not elected", e);
      return false;
    }
  }

  @Override
  public void close() throws InterruptedException {
    zk.close(1);
  }
}
