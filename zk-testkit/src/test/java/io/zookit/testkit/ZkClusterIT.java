package io.zookit.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(300)
@Tag("full")
class ZkClusterIT {

  private static final Duration LONG = Duration.ofSeconds(60);

  @RegisterExtension
  static final ZkClusterExtension zk = new ZkClusterExtension();

  @Test
  void stop_leader_anotherIsElectedAndTheOldOneComesBack() throws Exception {
    ZkCluster cluster = zk.cluster();
    String root = zk.freshRoot();
    try (Raw client = Raw.connect(zk.connectString())) {
      client.create(root, CreateMode.PERSISTENT);
      int leader = cluster.awaitLeader(LONG).orElseThrow();
      cluster.stop(leader);
      assertThat(cluster.isRunning(leader)).isFalse();
      assertThat(cluster.awaitLeader(LONG).orElseThrow()).isNotEqualTo(leader);
      await().atMost(LONG).ignoreExceptions().until(() -> client.exists(root));
      cluster.restart(leader);
      assertThat(cluster.awaitServing(LONG)).isTrue();
      try (Raw direct = Raw.connect(cluster.connectString(leader))) {
        assertThat(direct.exists(root)).isTrue();
      }
    }
  }

  @Test
  void stop_quorum_clientIsDisconnectedUntilHealed() throws Exception {
    ZkCluster cluster = zk.cluster();
    int leader = cluster.awaitLeader(LONG).orElseThrow();
    try (Raw client = Raw.connect(cluster.connectString())) {
      cluster.stop((leader + 1) % cluster.size());
      cluster.stop((leader + 2) % cluster.size());
      await().atMost(LONG).until(() -> client.heard(KeeperState.Disconnected));
      await().atMost(LONG).until(() -> cluster.leader().isEmpty());
      cluster.heal();
      assertThat(cluster.leader()).isPresent();
    }
  }

  @Test
  void close_twice_endsAllServers() throws Exception {
    ZkCluster cluster = ZkCluster.start();
    assertThat(cluster.isRunning(0)).isTrue();
    cluster.close();
    cluster.close();
    assertThat(cluster.leader()).isEmpty();
    assertThat(cluster.isRunning(0)).isFalse();
  }
}
