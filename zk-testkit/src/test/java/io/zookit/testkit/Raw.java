package io.zookit.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/** A plain ZooKeeper handle and the events that it received. */
final class Raw implements AutoCloseable {

  final List<WatchedEvent> events = new CopyOnWriteArrayList<>();
  private final CountDownLatch connected = new CountDownLatch(1);
  final ZooKeeper zk;

  private Raw(String connectString, Duration timeout) throws Exception {
    zk = new ZooKeeper(connectString, (int) timeout.toMillis(), event -> {
      events.add(event);
      if (event.getState() == KeeperState.SyncConnected) {
        connected.countDown();
      }
    });
  }

  static Raw connect(String connectString) throws Exception {
    return connect(connectString, Duration.ofSeconds(20));
  }

  static Raw connect(String connectString, Duration timeout) throws Exception {
    Raw raw = start(connectString, timeout);
    if (!raw.connected.await(30, TimeUnit.SECONDS)) {
      raw.close();
      throw new AssertionError("not connected to " + connectString);
    }
    return raw;
  }

  static Raw start(String connectString, Duration timeout) throws Exception {
    return new Raw(connectString, timeout);
  }

  String create(String path, CreateMode mode) throws KeeperException, InterruptedException {
    return zk.create(path, "x".getBytes(StandardCharsets.UTF_8), ZooDefs.Ids.OPEN_ACL_UNSAFE, mode);
  }

  boolean exists(String path) throws KeeperException, InterruptedException {
    return zk.exists(path, false) != null;
  }

  boolean heard(KeeperState state) {
    return events.stream().anyMatch(event -> event.getState() == state);
  }

  @Override
  public void close() throws Exception {
    zk.close(2_000);
  }
}
