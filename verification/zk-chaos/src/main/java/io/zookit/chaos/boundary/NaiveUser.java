package io.zookit.chaos.boundary;

import io.zookit.chaos.experiment.Stopwatch;
import io.zookit.chaos.experiment.Testbed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.curator.utils.ZKPaths;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;

/**
 * Control that queues by a sequential node in the textbook way and repeats each request whose answer was lost. If the
 * lost request was a create that was executed, it leaves an orphaned node.
 */
final class NaiveUser implements RecipeUser {

  private final ZooKeeper zk;
  private final String folder;

  private NaiveUser(ZooKeeper zk, String folder) {
    this.zk = zk;
    this.folder = folder;
  }

  private interface Request<T> {
    T send() throws KeeperException, InterruptedException;
  }

  static RecipeUser open(Door door) throws Exception {
    CountDownLatch connected = new CountDownLatch(1);
    ZooKeeper zk = new ZooKeeper(
        door.address(), (int) Trial.SESSION.toMillis(), event -> countDown(event, connected));
    if (!connected.await(Testbed.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new UncheckedIOException(new IOException("no connection to " + door.address()));
    }
    String folder = door.root() + "/naive";
    ZKPaths.mkdirs(zk, folder);
    return new NaiveUser(zk, folder);
  }

  private static void countDown(WatchedEvent event, CountDownLatch connected) {
    if (event.getState() == KeeperState.SyncConnected) {
      connected.countDown();
    }
  }

  @Override
  public void use() throws KeeperException, InterruptedException {
    String mine = insist(() -> zk.create(
        folder + "/n-", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL_SEQUENTIAL));
    insist(() -> zk.getChildren(folder, false));
    insist(() -> {
      zk.delete(mine, -1);
      return mine;
    });
  }

  private static <T> T insist(Request<T> request) throws KeeperException, InterruptedException {
    Stopwatch watch = new Stopwatch();
    while (true) {
      try {
        return request.send();
      } catch (KeeperException.ConnectionLossException e) {
        if (watch.hasPassed(Trial.PATIENCE)) {
          throw e;
        }
      }
    }
  }

  @Override
  public boolean isConnected() {
    return zk.getState().isConnected();
  }

  @Override
  public void close() throws InterruptedException {
    zk.close(1000);
  }
}
