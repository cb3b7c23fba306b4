package io.zookit.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.AccessPolicy;
import io.zookit.core.Identity;
import io.zookit.core.Role;
import io.zookit.core.ZkAccessException;
import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkServerExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests the exceptions of the ledger for a client without the rights for a change. */
@Timeout(120)
class LedgerAccessIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final AccessPolicy POLICY = AccessPolicy.sharedBy(Identity.digest("ops", "ops-pw"))
      .withRole(Role.VIEWER, Identity.digest("ann", "ann-pw"));

  @Test
  void next_clockThatTheClientMayNotWrite_isDenied() throws Exception {
    String root = zooKeeper.freshRoot();
    try (ZkClient ops = connect(root, "ops");
        ZkClient ann = connect(root, "ann")) {
      JobLedger.in(ops).define(Job.named("a").cron("0 0 * * * ?", ZoneOffset.UTC));
      closeClock(root);

      assertThat(JobLedger.in(ann).find("a")).isPresent();
      assertThatThrownBy(() -> JobLedger.in(ann).next("a", 1))
          .isInstanceOf(ZkAccessException.class)
          .hasMessageContaining("~clock");
    }
  }

  private static void closeClock(String root) throws Exception {
    try (ZooKeeper admin = new ZooKeeper(zooKeeper.connectString(), 30_000, event -> {})) {
      admin.addAuthInfo("digest", "ops:ops-pw".getBytes(StandardCharsets.UTF_8));
      admin.setACL(root + "/jobs/~clock", ZooDefs.Ids.CREATOR_ALL_ACL, -1);
    }
  }

  private static ZkClient connect(String root, String user) {
    return ZkClient.builder(zooKeeper.connectString())
        .root(root)
        .digest(user, user + "-pw")
        .access(POLICY)
        .connectTimeout(Duration.ofMinutes(1))
        .connect();
  }
}
