package io.zookit.lock.election;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.lock.LockWorld;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An observer with read permission only. */
class FollowedLeaderIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private void allow(int permissions) throws Exception {
    allow(world.root, permissions);
  }

  private void allow(String path, int permissions) throws Exception {
    ACL all = new ACL(permissions, ZooDefs.Ids.ANYONE_ID_UNSAFE);
    world.operate(admin -> admin.setACL(path, Collections.singletonList(all), -1));
  }

  @Test
  @Tag("full")
  void follow_noFolderAndNoneMayBeMade_candidatesThatComeAreSeen() throws Exception {
    FaultProxy proxy = world.proxy();
    ZkClient observer = world.client("observer", proxy, Duration.ofSeconds(30));
    ZkClient one = world.client("one");
    allow(ZooDefs.Perms.READ | ZooDefs.Perms.ADMIN);
    proxy.resetCounters();
    try (LiveValue<Optional<Leader>> seen = LeaderElection.named("e", observer).follow()) {
      await().until(() -> proxy.requests(Op.CREATE_CONTAINER) >= 2); // without effect
      allow(ZooDefs.Perms.ALL);
      Candidacy candidacy = LeaderElection.named("e", one).join("n1", leadership -> {});
      await()
          .until(() -> seen.latest()
              .flatMap(leader -> leader)
              .filter(leader -> leader.label().equals("n1"))
              .isPresent());
      candidacy.close();
    }
  }

  @Test
  void follow_noFolderAndNoneMayBeMade_nobodyLeads() throws Exception {
    ZkClient observer = world.client("observer");
    allow(ZooDefs.Perms.READ | ZooDefs.Perms.ADMIN);
    try (LiveValue<Optional<Leader>> seen = LeaderElection.named("e", observer).follow()) {
      seen.awaitReady(LockWorld.LONG);
      assertThat(seen.current()).isEmpty();
    }
    allow(ZooDefs.Perms.ALL);
  }

  @Test
  @Tag("full")
  void follow_leaderMayNotBeRead_isStaleUntilHeMay() throws Exception {
    LeaderElection.named("e", world.client("one")).join("n1", leadership -> {});
    world.awaitQueue("e", 1);
    String node = world.queue("e").get(0).path();
    allow(node, ZooDefs.Perms.ALL & ~ZooDefs.Perms.READ);
    try (LiveValue<Optional<Leader>> seen =
        LeaderElection.named("e", world.client("observer")).follow()) {
      await().until(() -> !seen.age().isZero());
      allow(node, ZooDefs.Perms.ALL);
      await().until(() -> seen.latest().flatMap(leader -> leader).isPresent());
      assertThat(seen.age()).isZero();
    }
  }
}
