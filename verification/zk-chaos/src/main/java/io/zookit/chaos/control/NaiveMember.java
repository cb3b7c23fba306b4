package io.zookit.chaos.control;

import io.zookit.chaos.experiment.ChildArguments;
import io.zookit.chaos.experiment.Stopwatch;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.IntConsumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Control that owns partitions in the textbook way: each member creates an ephemeral node, follows the list of all, and owns
 * the partitions whose number modulo the length of the list is its place. Nothing stops a member whose list is old.
 */
public final class NaiveMember implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(NaiveMember.class);
  private static final String FOLDER = "/textbook-members";
  private static final Duration PERIOD = Duration.ofMillis(100);

  private final ChildArguments arguments;
  private final int partitions;
  private final IntConsumer work;
  private volatile ZooKeeper zk;
  private volatile List<String> members = List.of();
  private String node = "";

  /**
   * Connects in the background.
   *
   * @param work receives the partitions of this process, again and again
   */
  public NaiveMember(ChildArguments arguments, int partitions, IntConsumer work)
      throws IOException {
    this.arguments = arguments;
    this.partitions = partitions;
    this.work = work;
    this.zk = connect();
  }

  private ZooKeeper connect() throws IOException {
    node = "";
    return new ZooKeeper(arguments.addresses(), (int) arguments.session().toMillis(), event -> {});
  }

  /** Works on its partitions indefinitely. */
  public void work() throws InterruptedException, IOException {
    while (true) {
      if (!zk.getState().isAlive()) {
        zk = connect();
      }
      if (node.isEmpty()) {
        node = register();
      }
      List<String> all = members;
      int place = all.indexOf(node);
      for (int p = 0; place >= 0 && p < partitions; p++) {
        if (p % all.size() == place) {
          work.accept(p);
        }
      }
      Stopwatch.pause(PERIOD);
    }
  }

  private String register() throws InterruptedException {
    try {
      create(FOLDER, CreateMode.PERSISTENT);
      String name = arguments.life() + "-" + Long.toHexString(zk.getSessionId());
      create(FOLDER + "/" + name, CreateMode.EPHEMERAL);
      follow();
      return name;
    } catch (KeeperException e) {
      log.debug("not registered", e);
      return "";
    }
  }

  private void create(String path, CreateMode mode) throws InterruptedException, KeeperException {
    try {
      zk.create(path, new byte[0], Ids.OPEN_ACL_UNSAFE, mode);
    } catch (KeeperException.NodeExistsException e) {
      log.debug("{} exists", path);
    }
  }

  private void follow() {
    zk.getChildren(
        FOLDER,
        (WatchedEvent event) -> {
          if (event.getType() != Watcher.Event.EventType.None) {
            follow();
          }
        },
        (code, path, context, children) -> {
          if (code == KeeperException.Code.OK.intValue()) {
            members = children.stream().sorted().toList();
          } else if (code == KeeperException.Code.CONNECTIONLOSS.intValue()) {
            follow();
          }
        },
        null);
  }

  @Override
  public void close() throws InterruptedException {
    zk.close(1);
  }
}
