package io.zookit.samples.shop.run;

import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkProcesses;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A ZooKeeper that existed before and is kept; what the demo creates in it is deleted at the end. */
final class ExistingEnsemble implements Ensemble {

  private static final Logger LOG = LoggerFactory.getLogger(ExistingEnsemble.class);
  private static final int TIMEOUT_MILLIS = 5_000;

  private final String connectString;
  private final String root;

  private ExistingEnsemble(String connectString, String root) {
    this.connectString = connectString;
    this.root = root;
  }

  /** @throws io.zookit.core.ZkUnavailableException if no ZooKeeper answers */
  static ExistingEnsemble at(String connectString, String root) {
    try (ZkClient probe =
        ZkClient.builder(connectString).root(root).allowUnauthenticated().connect()) {
      return new ExistingEnsemble(connectString, probe.root());
    }
  }

  @Override
  public String connectString() {
    return connectString;
  }

  @Override
  public String root() {
    return root;
  }

  @Override
  public Optional<ZkProcesses> servers() {
    return Optional.empty();
  }

  @Override
  public void close() {
    try (CuratorFramework curator = CuratorFrameworkFactory.newClient(
        connectString, TIMEOUT_MILLIS, TIMEOUT_MILLIS, new RetryOneTime(100))) {
      curator.start();
      if (curator.blockUntilConnected(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
        curator.delete().quietly().deletingChildrenIfNeeded().forPath(root);
      } else {
        LOG.warn("{} is left behind: no connection to {}", root, connectString);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.warn("{} is left behind at {}", root, connectString, e);
    }
  }
}
