package com.example;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.zookit.core.ZkClient;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.Lease;
import io.zookit.testkit.ZkServerExtension;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.retry.ExponentialBackoffRetry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An application that has Curator and its recipes, and takes Zookit's locks over the same connection. */
class BorrowedCuratorTest {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @Test
  void oneConnection_bothLibraries() throws Exception {
    try (CuratorFramework curator = CuratorFrameworkFactory.newClient(
        zooKeeper.connectString(), new ExponentialBackoffRetry(100, 5))) {
      curator.start();
      assertTrue(curator.blockUntilConnected(30, TimeUnit.SECONDS));
      InterProcessMutex theirs = new InterProcessMutex(curator, "/app/mutex");
      theirs.acquire();
      try (ZkClient zk = ZkClient.borrowing(curator).connect();
          Lease ours = DistributedLock.named("stock", zk).acquire()) {
        assertTrue(ours.isValid());
        assertTrue(theirs.isAcquiredInThisProcess());
      }
      theirs.release();
      assertFalse(theirs.isAcquiredInThisProcess());
    }
  }
}
