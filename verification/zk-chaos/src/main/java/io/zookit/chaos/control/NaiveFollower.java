package io.zookit.chaos.control;

import io.zookit.chaos.experiment.ChildArguments;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;

/**
 * A control: follows the children of a node as textbooks show it. It reads them, sets its watch again at each event and
 * looks again after a reconnect, but it does not open another session when its own has ended, and is deaf then.
 */
public final class NaiveFollower implements Watcher, AutoCloseable {

  private final String path;
  private final Consumer<List<String>> onLine;
  private final ZooKeeper zk;

  /**
   * Starts to follow a node.
   *
   * @param path a node that exists
   * @param onLine receives the children, on ZooKeeper's thread
   */
  public NaiveFollower(ChildArguments arguments, String path, Consumer<List<String>> onLine)
      throws IOException {
    this.path = path;
    this.onLine = onLine;
    this.zk =
        new ZooKeeper(arguments.addresses(), (int) arguments.session().toMillis(), event -> {});
    zk.register(this);
    look();
  }

  @Override
  public void process(WatchedEvent event) {
    if (event.getState() == Event.KeeperState.SyncConnected) {
      look();
    }
  }

  private void look() {
    zk.getChildren(
        path,
        this,
        (code, asked, context, children) -> {
          if (code == KeeperException.Code.OK.intValue()) {
            onLine.accept(children);
          }
        },
        null);
  }

  @Override
  public void close() throws InterruptedException {
    zk.close(1);
  }
}
