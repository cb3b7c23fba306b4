package io.zookit.chaos.recovery;

import io.zookit.chaos.experiment.Stopwatch;
import java.time.Duration;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryForever;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes and deletes a child of a plain node again and again, so that its watchers have something to hear. */
final class NodeChurn implements AutoCloseable {

  static final String PATH = "/plain";

  private static final Logger log = LoggerFactory.getLogger(NodeChurn.class);
  private static final Duration BEAT = Duration.ofMillis(200);
  private static final int RETRY_MILLIS = 200;

  private final CuratorFramework curator;
  private final Thread thread = new Thread(this::beat, "drum");

  private NodeChurn(CuratorFramework curator) {
    this.curator = curator;
  }

  /** Starts once the node exists. */
  static NodeChurn start(String connect) throws Exception {
    CuratorFramework curator =
        CuratorFrameworkFactory.newClient(connect, new RetryForever(RETRY_MILLIS));
    curator.start();
    curator.create().orSetData().forPath(PATH);
    NodeChurn drum = new NodeChurn(curator);
    drum.thread.setDaemon(true);
    drum.thread.start();
    return drum;
  }

  private void beat() {
    String child = PATH + "/beat";
    try {
      while (true) {
        curator.create().orSetData().inBackground().forPath(child);
        Stopwatch.pause(BEAT);
        curator.delete().quietly().inBackground().forPath(child);
        Stopwatch.pause(BEAT);
      }
    } catch (InterruptedException e) {
      log.debug("the drum is told to stop");
    } catch (Exception e) {
      log.warn("the drum has stopped", e);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    curator.close();
  }
}
