package io.zookit.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.internal.session.Sessioned;
import io.zookit.testkit.ZkProcesses;
import java.time.Duration;
import java.util.List;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that hashes digest passwords by SHA-256; the algorithm is one of the server's whole JVM. */
@Tag("full")
@Timeout(180)
class DigestAlgorithmIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String SECRET = "canary-4b1";
  private static final Identity ANA = Identity.digest("ana", SECRET, "SHA-256");

  private static ZkProcesses servers;

  @BeforeAll
  static void start() {
    servers = ZkProcesses.servers(1)
        .jvmOptions("-Dzookeeper.DigestAuthenticationProvider.digestAlg=SHA-256")
        .start();
  }

  @AfterAll
  static void stop() {
    servers.close();
  }

  @Test
  void digest_defaultPolicy_ownsAndReadsWhatItCreates() throws Exception {
    try (ZkClient client = builder("/owned/deep").connect()) {
      assertThat(client.incarnation()).isEqualTo(1);
      assertThat(client.raiseIncarnation(0)).isEqualTo(2);
      ZooKeeper handle = Sessioned.of(client).zooKeeper();
      for (String path : List.of("/owned", "/owned/deep", "/owned/deep/~incarnation")) {
        assertThat(handle.getACL(path, new Stat()))
            .as(path)
            .isEqualTo(List.of(new ACL(Perms.ALL, new Id("digest", ANA.id()))));
      }
      assertThat(handle.getChildren("/owned/deep", false))
          .containsExactlyInAnyOrder("~incarnation", "~lineage", "~suspect");
    }
    try (ZkClient again = builder("/owned/deep").start()) {
      again.awaitConnected(LIMIT);
      assertThat(again.incarnation()).isEqualTo(2);
    }
  }

  @Test
  void digest_policyHashedByTheDefaultAlgorithm_isRefusedBeforeAnythingIsCreated()
      throws Exception {
    AccessPolicy wrong =
        AccessPolicy.sharedBy(ANA).withRole("config-application", Identity.digest("bob", SECRET));
    assertThatThrownBy(() -> builder("/refused").access(wrong).connect())
        .isInstanceOf(ZkAccessException.class)
        .hasMessageContaining("names the digest user bob by a hash of another algorithm")
        .hasMessageContaining("Identity.digest(user, password, \"SHA-256\")")
        .hasMessageNotContaining(SECRET);
    try (ZkClient started = builder("/refused").access(wrong).start()) {
      assertThatThrownBy(() -> started.awaitConnected(LIMIT)).isInstanceOf(ZkAccessException.class);
      assertThatThrownBy(started::incarnation).isInstanceOf(ZkAccessException.class);
      assertThatThrownBy(() -> started.raiseIncarnation(0)).isInstanceOf(ZkAccessException.class);
    }
    try (ZkClient looking = builder("/looking").connect()) {
      assertThat(Sessioned.of(looking).zooKeeper().exists("/refused", false)).isNull();
    }
  }

  @Test
  void digest_policyHashedByTheServersAlgorithm_isTaken() throws Exception {
    AccessPolicy right = AccessPolicy.sharedBy(ANA)
        .withRole("config-application", Identity.digest("bob", SECRET, "SHA-256"));
    try (ZkClient client = builder("/taken").access(right).connect()) {
      assertThat(client.raiseIncarnation(0)).isEqualTo(2);
    }
  }

  private static ZkClientBuilder builder(String root) {
    return ZkClient.builder(servers.connectString())
        .root(root)
        .digest("ana", SECRET)
        .connectTimeout(LIMIT);
  }
}
