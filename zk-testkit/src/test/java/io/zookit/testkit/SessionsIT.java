package io.zookit.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper.States;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SessionsIT {

  @RegisterExtension
  static final ZkServerExtension zk = new ZkServerExtension();

  @Test
  void expireOnServer_connectedClient_nodesGoneFirstAndClientToldLater() throws Exception {
    String root = zk.freshRoot();
    try (Raw client = Raw.connect(zk.connectString())) {
      client.create(root, CreateMode.EPHEMERAL);
      Sessions.expireOnServer(client.zk, zk.connectString());
      assertThat(zk.server().nodes(root)).isEmpty();
      assertThat(zk.server().nodes()).extracting(ZkNode::path).doesNotContain(root);
      assertThat(Sessions.awaitExpired(client.zk, Duration.ofSeconds(30))).isTrue();
      await().until(() -> client.heard(KeeperState.Expired));
    }
  }

  @Test
  void expireOnClient_connectedClient_toldFirstWhileNodesStay() throws Exception {
    String root = zk.freshRoot();
    try (Raw client = Raw.connect(zk.connectString())) {
      client.create(root, CreateMode.EPHEMERAL);
      Sessions.expireOnClient(client.zk);
      await().until(() -> client.heard(KeeperState.Expired));
      assertThat(client.zk.getState()).isEqualTo(States.CLOSED);
      assertThat(zk.server().nodes()).contains(new ZkNode(root, true));
      zk.server().expire(client.zk.getSessionId());
    }
  }

  @Test
  void awaitExpired_livingSession_isFalse() throws Exception {
    try (Raw client = Raw.connect(zk.connectString())) {
      assertThat(Sessions.awaitExpired(client.zk, Duration.ofMillis(50))).isFalse();
    }
  }
}
