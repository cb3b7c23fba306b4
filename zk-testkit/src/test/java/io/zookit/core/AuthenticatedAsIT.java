package io.zookit.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ZkServerExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The identities that a client is authenticated as; certificates and principals are in {@link TlsIT} and
 * {@link SaslIT}.
 */
@Tag("full")
@Timeout(180)
class AuthenticatedAsIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Duration LONG = Duration.ofSeconds(60);

  @Test
  void authenticatedAs_digest_isTheUserWithoutThePassword() throws Exception {
    try (ZkClient client =
        builder(zooKeeper.connectString()).digest("ana", "a-secret").connect()) {
      assertThat(client.authenticatedAs())
          .containsExactly(new AuthenticatedIdentity("digest", "ana"));
    }
  }

  @Test
  void authenticatedAs_noCredentials_isNobody() throws Exception {
    try (ZkClient client = builder(zooKeeper.connectString()).connect()) {
      assertThat(client.authenticatedAs()).isEmpty();
    }
  }

  @Test
  void authenticatedAs_borrowedConnection_isAllThatItHas() throws Exception {
    try (CuratorFramework curator = CuratorFrameworkFactory.builder()
        .connectString(zooKeeper.connectString())
        .retryPolicy(new RetryOneTime(100))
        .authorization("digest", "ana:a".getBytes(StandardCharsets.UTF_8))
        .build()) {
      curator.start();
      curator
          .getZookeeperClient()
          .getZooKeeper()
          .addAuthInfo("digest", "bob:b".getBytes(StandardCharsets.UTF_8));
      try (ZkClient client = ZkClient.borrowing(curator)
          .root(zooKeeper.freshRoot())
          .connectTimeout(LONG)
          .connect()) {
        assertThat(client.authenticatedAs())
            .containsExactlyInAnyOrder(
                new AuthenticatedIdentity("digest", "ana"),
                new AuthenticatedIdentity("digest", "bob"));
      }
    }
  }

  @Test
  @Tag("full")
  void authenticatedAs_silentServer_endsWithinTheLimitAndCloses() throws Exception {
    try (FaultProxy proxy = FaultProxy.to(zooKeeper.server());
        ZkClient client = builder(proxy.connectString())
            .digest("ana", "a-secret")
            .connectTimeout(Duration.ofSeconds(2))
            .start()) {
      client.awaitConnected(LONG);
      proxy.blackHole();
      assertThatThrownBy(client::authenticatedAs)
          .isInstanceOf(ZkUnavailableException.class)
          .hasMessageContaining("nothing was changed");
      proxy.heal();
    }
  }

  private static ZkClientBuilder builder(String connectString) {
    return ZkClient.builder(connectString).root(zooKeeper.freshRoot()).connectTimeout(LONG);
  }
}
