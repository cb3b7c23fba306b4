package io.zookit.chaos.boundary;

import io.zookit.chaos.experiment.Stopwatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryForever;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;

/** Searches for ephemeral nodes that were left behind. Thread-safe. */
final class LeftoverNodes implements AutoCloseable {

  private static final Duration LOOK = Duration.ofMillis(20);
  private static final int RETRY_MILLIS = 100;

  /** Parent of the nodes by which schedulers announce themselves. */
  private static final String NODES = "/job-nodes/";

  private final CuratorFramework curator;

  private LeftoverNodes(CuratorFramework curator) {
    this.curator = curator;
  }

  static LeftoverNodes in(String servers) {
    CuratorFramework curator =
        CuratorFrameworkFactory.newClient(servers, new RetryForever(RETRY_MILLIS));
    curator.start();
    return new LeftoverNodes(curator);
  }

  /** Waits until no ephemeral node is left below a path; returns those that remain after the timeout. */
  List<String> awaitNone(String root, Duration atMost) throws Exception {
    Stopwatch watch = new Stopwatch();
    List<String> left = below(root);
    while (!left.isEmpty() && !watch.hasPassed(atMost)) {
      Stopwatch.pause(LOOK);
      left = below(root);
    }
    return left;
  }

  /** Returns the ephemeral nodes left in the newest state. */
  private List<String> below(String root) throws Exception {
    curator.sync().forPath(root);
    List<String> left = new ArrayList<>();
    collect(root, left);
    return left;
  }

  private void collect(String path, List<String> left) throws Exception {
    try {
      Stat stat = new Stat();
      for (String child : curator.getChildren().storingStatIn(stat).forPath(path)) {
        collect(path + "/" + child, left);
      }
      if (stat.getEphemeralOwner() != 0 && !path.contains(NODES)) {
        left.add(path);
      }
    } catch (KeeperException.NoNodeException e) {
      // It has gone while it was looked at.
    }
  }

  @Override
  public void close() {
    curator.close();
  }
}
