package io.zookit.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.internal.session.Sessioned;
import io.zookit.testkit.ChildJvm;
import io.zookit.testkit.ZkProcesses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** SASL with DIGEST-MD5 against a real server; the login is one of the whole JVM, so each client is a process. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(300)
@Tag("full")
class SaslIT {

  private static final String SECRET = "canary-9d2";

  @TempDir
  Path folder;

  private ZkProcesses servers;

  @BeforeEach
  void start() throws Exception {
    Path login = Files.writeString(
        folder.resolve("server.conf"),
        "Server { org.apache.zookeeper.server.auth.DigestLoginModule required user_ana=\"" + SECRET
            + "\"; };\n");
    servers = ZkProcesses.servers(1)
        .zooCfg("authProvider.sasl", "org.apache.zookeeper.server.auth.SASLAuthenticationProvider")
        .jvmOptions("-Djava.security.auth.login.config=" + login, "-Dzookeeper.fips-mode=false")
        .start();
  }

  @AfterEach
  void stop() {
    servers.close();
  }

  @Test
  void principal_ownsWhatItMakes() throws Exception {
    assertThat(said("ana", SECRET))
        .contains("'sasl,'ana")
        .contains("incarnation 2")
        .contains("authenticated as [sasl:ana]");
  }

  @Test
  void wrongPassword_isRefusedClearlyAndNotTold() throws Exception {
    List<String> said = said("ana", SECRET + "x");
    assertThat(said).anyMatch(line -> line.startsWith("refused: "));
    assertThat(said).noneMatch(line -> line.contains(SECRET));
  }

  private List<String> said(String user, String password) throws Exception {
    Path login = Files.writeString(
        folder.resolve("client.conf"),
        "Client { org.apache.zookeeper.server.auth.DigestLoginModule required username=\"" + user
            + "\" password=\"" + password + "\"; };\n");
    try (ChildJvm child = ChildJvm.of(Principal.class)
        .args(servers.connectString())
        .jvmOptions(
            "-Xmx128m",
            "-Djava.security.auth.login.config=" + login,
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=debug")
        .start()) {
      assertThat(child.awaitExit(Duration.ofSeconds(60))).hasValue(0);
      return child.lines();
    }
  }

  /** A client with a principal, in a process of its own. */
  static final class Principal {

    public static void main(String[] args) throws Exception {
      ChildJvm.exitWithParent();
      ZKClientConfig config = new ZKClientConfig();
      config.setProperty("zookeeper.sasl.client", "true");
      config.setProperty("zookeeper.fips-mode", "false");
      try (ZkClient client = ZkClient.builder(args[0])
          .zooKeeperConfig(config)
          .access(AccessPolicy.sharedBy(Identity.sasl("ana")))
          .connectTimeout(Duration.ofSeconds(10))
          .connect()) {
        System.out.println("incarnation " + client.raiseIncarnation(0));
        System.out.println("authenticated as " + client.authenticatedAs());
        ZooKeeper handle = Sessioned.of(client).zooKeeper();
        handle
            .getACL("/zookit/~incarnation", new Stat())
            .forEach(acl -> System.out.println(acl.getId().toString().trim()));
      } catch (ZkException e) {
        System.out.println("refused: " + e.getMessage());
      }
      System.exit(0);
    }
  }
}
