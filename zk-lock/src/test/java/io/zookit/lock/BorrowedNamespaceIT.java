package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.Optional;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Locks over Curator clients with namespaces. */
@Timeout(60)
class BorrowedNamespaceIT {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @Test
  @Tag("full")
  void tryLock_sameNameInTwoNamespaces_bothAreGranted() throws Exception {
    String root = zooKeeper.freshRoot();
    try (CuratorFramework curator =
        CuratorFrameworkFactory.newClient(zooKeeper.connectString(), new RetryOneTime(100))) {
      curator.start();
      CuratorFramework acme = curator.usingNamespace("acme");
      try (ZkClient one = ZkClient.borrowing(acme).root(root).connect();
          ZkClient same = ZkClient.borrowing(acme).root(root).connect();
          ZkClient other =
              ZkClient.borrowing(curator.usingNamespace("bolt")).root(root).connect();
          Lease first = DistributedLock.named("report", one).acquire(LIMIT);
          Lease second = DistributedLock.named("report", other).acquire(LIMIT)) {
        assertThat(first.isValid()).isTrue();
        assertThat(second.isValid()).isTrue();
        Optional<Lease> third = DistributedLock.named("report", same).tryAcquire();
        assertThat(third).isEmpty();
        assertThat(acme.getChildren().forPath(root + "/locks")).contains("report");
      }
    }
  }
}
