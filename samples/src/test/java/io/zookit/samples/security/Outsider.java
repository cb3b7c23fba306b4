package io.zookit.samples.security;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException.NoNodeException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;

/** Clients that use ZooKeeper's own API instead of Zookit. */
final class Outsider {

  private static final int TIMEOUT_MILLIS = 60_000;

  private Outsider() {}

  /** Connects without any credentials. */
  static ZooKeeper at(String connectString) throws Exception {
    CountDownLatch connected = new CountDownLatch(1);
    ZooKeeper zooKeeper = new ZooKeeper(connectString, TIMEOUT_MILLIS, event -> {
      if (event.getState() == KeeperState.SyncConnected) {
        connected.countDown();
      }
    });
    if (!connected.await(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
      zooKeeper.close();
      throw new IllegalStateException("no connection to " + connectString);
    }
    return zooKeeper;
  }

  /** Connects with a user and a password, which may be wrong. */
  static ZooKeeper at(String connectString, String userAndPassword) throws Exception {
    ZooKeeper zooKeeper = at(connectString);
    zooKeeper.addAuthInfo("digest", userAndPassword.getBytes(StandardCharsets.UTF_8));
    return zooKeeper;
  }

  /** A node and all below it, with their data. */
  static Map<String, byte[]> tree(ZooKeeper zooKeeper, String top) throws Exception {
    Map<String, byte[]> nodes = new TreeMap<>();
    collect(zooKeeper, top, nodes);
    return nodes;
  }

  private static void collect(ZooKeeper zooKeeper, String path, Map<String, byte[]> nodes)
      throws Exception {
    try {
      byte[] data = zooKeeper.getData(path, false, null);
      nodes.put(path, data == null ? new byte[0] : data);
      for (String child : zooKeeper.getChildren(path, false)) {
        collect(zooKeeper, path + "/" + child, nodes);
      }
    } catch (NoNodeException e) {
      nodes.remove(path); // it has gone since it was listed
    }
  }
}
