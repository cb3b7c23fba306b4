package io.zookit.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.internal.session.Sessioned;
import io.zookit.testkit.ChildJvm;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ZkNode;
import io.zookit.testkit.ZkServer;
import io.zookit.testkit.ZkServerExtension;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Permissions, and secrets that are never shown. */
@Tag("full")
@Timeout(240)
@Isolated // looks at the threads and the output of the whole JVM
class SecurityIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final String SECRET = "pä:ss canary-7f3";

  @Test
  void noCredentials_loopback_connectsWithOneWarning() {
    PrintStream before = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    try (ZkServer server = ZkServer.start()) {
      System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
      ZkClient.connect(server.connectString()).close();
      assertThat(log.toString(StandardCharsets.UTF_8).lines())
          .filteredOn(line -> line.contains("WARN") && line.contains(server.connectString()))
          .singleElement()
          .asString()
          .contains("no credentials: any client that reaches " + server.connectString());
    } finally {
      System.setErr(before);
    }
  }

  @Test
  void zooKeeperConfig_withoutCredentials_connectsToAnOpenServer() throws Exception {
    String root = zooKeeper.freshRoot();
    ZKClientConfig config = new ZKClientConfig();
    config.setProperty(ZKClientConfig.ZOOKEEPER_REQUEST_TIMEOUT, "20000");
    try (ZkClient client = ZkClient.builder(zooKeeper.connectString())
        .root(root)
        .zooKeeperConfig(config)
        .connect()) {
      assertThat(client.incarnation()).isEqualTo(1);
      assertThat(Sessioned.of(client).zooKeeper().getACL(root + "/~incarnation", new Stat()))
          .isEqualTo(Ids.OPEN_ACL_UNSAFE);
    }
  }

  @Test
  void creatorPolicy_serverKnowsNoIdentity_isRefusedClearly() {
    assertThatThrownBy(() -> ZkClient.builder(zooKeeper.connectString())
            .root(zooKeeper.freshRoot())
            .access(AccessPolicy.sharedBy(Identity.creator()))
            .connect())
        .isInstanceOf(ZkAccessException.class)
        .hasMessageContaining("the server knows no identity of this connection")
        .hasMessageEndingWith("(InvalidACL)");
  }

  @Test
  void digest_everyNode_isForThatUserOnlyParentsIncluded() throws Exception {
    String root = zooKeeper.freshRoot();
    try (ZkClient client = digest(root + "/deep/er", "ana", SECRET).connect()) {
      client.raiseIncarnation(0);
      Sessioned.own(client, "mine");
      await().until(() -> zooKeeper.server().nodes(root).stream().anyMatch(ZkNode::ephemeral));
      ZooKeeper ana = Sessioned.of(client).zooKeeper();
      List<ACL> expected = List.of(
          new ACL(Perms.ALL, new Id("digest", Identity.digest("ana", SECRET).id())));
      assertThat(zooKeeper.server().nodes(root))
          .extracting(ZkNode::path)
          .contains(
              root + "/deep",
              root + "/deep/er",
              root + "/deep/er/~incarnation",
              root + "/deep/er/mine");
      assertThat(ana.getACL(root, new Stat())).isEqualTo(expected);
      for (ZkNode node : zooKeeper.server().nodes(root)) {
        assertThat(ana.getACL(node.path(), new Stat())).as(node.path()).isEqualTo(expected);
      }
    }
  }

  @Test
  void digest_sameUserAgain_sharesTheRoot() throws Exception {
    String root = zooKeeper.freshRoot();
    try (ZkClient one = digest(root, "ana", SECRET).connect();
        ZkClient two = digest(root, "ana", SECRET).connect()) {
      assertThat(one.raiseIncarnation(0)).isEqualTo(2);
      await().until(() -> two.incarnation() == 2);
    }
  }

  @Test
  void otherPasswordOrNone_isRefusedClearlyAndNothingIsLeft() throws Exception {
    String root = zooKeeper.freshRoot();
    try (ZkClient owner = digest(root, "ana", SECRET).connect()) {
      for (ZkClientBuilder stranger : List.of(
          digest(root, "ana", "other"),
          digest(root, "bob", SECRET),
          ZkClient.builder(zooKeeper.connectString()).root(root))) {
        LiveThreads.requireNoneLeftBy(() -> assertThatThrownBy(stranger::connect)
            .isInstanceOf(ZkAccessException.class)
            .hasMessageContaining(root + "/~incarnation")
            .hasMessageContaining("refuses this client's credentials")
            .hasMessageNotContaining("canary"));
      }
      assertThat(owner.session().state()).isEqualTo(SessionState.CONNECTED);
    }
  }

  @Test
  void otherPassword_startedClient_isConnectedButEveryUseSaysWhy() throws Exception {
    String root = zooKeeper.freshRoot();
    try (ZkClient owner = digest(root, "ana", SECRET).connect();
        ZkClient stranger = digest(root, "ana", "other").start()) {
      stranger.awaitConnected(Duration.ofSeconds(20));
      assertThatThrownBy(stranger::incarnation).isInstanceOf(ZkAccessException.class);
      assertThatThrownBy(() -> stranger.raiseIncarnation(0)).isInstanceOf(ZkAccessException.class);
      assertThat(owner.incarnation()).isEqualTo(1);
    }
  }

  @Test
  void rootOfSomebodyElse_firstClient_isRefusedClearly() throws Exception {
    String above = zooKeeper.freshRoot();
    try (ZkClient operator = digest(above, "ana", SECRET).connect()) {
      assertThatThrownBy(() -> digest(above + "/theirs", "bob", "b").connect())
          .isInstanceOf(ZkAccessException.class)
          .hasMessageContaining(above + "/theirs/~incarnation");
      assertThat(operator.incarnation()).isEqualTo(1);
    }
  }

  @Test
  @Tag("full")
  void accessTakenAndGivenBack_sameNumber_isTrustedAgain() throws Exception {
    String root = zooKeeper.freshRoot();
    try (FaultProxy proxy = FaultProxy.to(zooKeeper.server());
        ZkClient client = ZkClient.builder(proxy.connectString())
            .connectTimeout(Duration.ofMinutes(1))
            .root(root)
            .connect()) {
      Sessioned session = Sessioned.of(client);
      ZooKeeper operator = session.zooKeeper();
      String node = root + "/~incarnation";
      operator.setACL(
          node, Collections.singletonList(new ACL(Perms.ADMIN, Ids.ANYONE_ID_UNSAFE)), -1);
      Reconnect.force(client, proxy);
      assertThatThrownBy(session::token)
          .isInstanceOf(IncarnationException.class)
          .hasMessageContaining("cannot be read (NOAUTH)");
      operator.setACL(node, Ids.OPEN_ACL_UNSAFE, -1);
      Reconnect.force(client, proxy);
      assertThat(session.token().incarnation()).isEqualTo(1);
    }
  }

  @Test
  @Tag("full")
  void secret_debugLogOfAWholeLife_isNotInIt(@TempDir Path folder) throws Exception {
    Path log = folder.resolve("log");
    try (ChildJvm child = ChildJvm.of(WholeLife.class)
        .args(zooKeeper.connectString(), zooKeeper.freshRoot())
        .jvmOptions("-Dorg.slf4j.simpleLogger.defaultLogLevel=debug", "-Xmx128m")
        .log(log)
        .start()) {
      child.awaitLine(line -> line.contains("the whole life is over"), Duration.ofSeconds(40));
    }
    String text = Files.readString(log);
    assertThat(text.lines()).anyMatch(line -> line.contains("DEBUG"));
    assertThat(text.lines()).anyMatch(line -> line.contains("ZkClient["));
    assertThat(text.lines().filter(line -> line.contains("canary-7f3"))).isEmpty();
  }

  /** The use of a password by a client, in a process that logs everything. */
  static final class WholeLife {

    public static void main(String[] args) throws Exception {
      ChildJvm.exitWithParent();
      try (ZkClient client = ZkClient.builder(args[0])
          .connectTimeout(Duration.ofMinutes(1))
          .root(args[1])
          .digest("ana", SECRET)
          .connect()) {
        client.raiseIncarnation(0);
        System.err.println(client);
      }
      Logger log = LoggerFactory.getLogger(WholeLife.class);
      try {
        ZkClient.builder(args[0])
            .connectTimeout(Duration.ofMinutes(1))
            .root(args[1])
            .digest("ana", SECRET + "x")
            .connect();
      } catch (ZkAccessException e) {
        log.info("the other password", e);
      }
      try {
        ZkClient.builder("127.0.0.1:1")
            .digest("ana", SECRET)
            .connectTimeout(Duration.ofMillis(200))
            .connect();
      } catch (ZkUnavailableException e) {
        log.info("nobody there", e);
      }
      System.out.println("the whole life is over");
    }
  }

  private static ZkClientBuilder digest(String root, String user, String password) {
    return ZkClient.builder(zooKeeper.connectString()).root(root).digest(user, password);
  }
}
