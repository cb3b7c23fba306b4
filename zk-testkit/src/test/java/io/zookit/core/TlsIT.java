package io.zookit.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.internal.session.Sessioned;
import io.zookit.testkit.ZkProcesses;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.zookeeper.KeeperException.NoAuthException;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections over TLS with certificates on both sides, to a real server. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(400)
@Tag("full")
class TlsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration REFUSED = Duration.ofSeconds(3);

  @TempDir
  Path folder;

  @ParameterizedTest
  @EnumSource(KeyMaterial.Format.class)
  void certificateOfTheClient_everyFormat_ownsWhatItMakes(KeyMaterial.Format format)
      throws Exception {
    KeyMaterial server = KeyMaterial.generate(folder, "server", format);
    KeyMaterial app = KeyMaterial.generate(folder, "app", format);
    try (ZkProcesses servers = start(server, app)) {
      try (ZkClient client = tls(servers, server.trust(), app.keys())
          .access(AccessPolicy.sharedBy(Identity.x509("CN=app")))
          .connectTimeout(PATIENCE)
          .connect()) {
        assertThat(client.raiseIncarnation(0)).isEqualTo(2);
        assertThat(client.authenticatedAs())
            .containsExactly(new AuthenticatedIdentity("x509", "CN=app"));
        ZooKeeper handle = Sessioned.of(client).zooKeeper();
        assertThat(handle.getACL("/zookit/~incarnation", new Stat()))
            .isEqualTo(List.of(new ACL(Perms.ALL, new Id("x509", "CN=app"))));
      }
      requireHidden(servers);
    }
  }

  /** The same port answers without TLS, and then no identity is known. */
  private static void requireHidden(ZkProcesses servers) throws Exception {
    ZooKeeper stranger = new ZooKeeper(servers.connectString(), 10_000, event -> {});
    try {
      assertThatThrownBy(() -> stranger.getData("/zookit/~incarnation", false, new Stat()))
          .isInstanceOf(NoAuthException.class);
    } finally {
      stranger.close();
    }
  }

  @Test
  void serverOfAnotherAuthority_isNotTrusted() throws Exception {
    KeyMaterial server = KeyMaterial.generate(folder, "server", KeyMaterial.Format.JKS);
    KeyMaterial app = KeyMaterial.generate(folder, "app", KeyMaterial.Format.JKS);
    KeyMaterial other = KeyMaterial.generate(folder, "other", KeyMaterial.Format.JKS);
    try (ZkProcesses servers = start(server, app)) {
      requireRefused(tls(servers, other.trust(), app.keys()), servers);
      requireServed(servers, server, app);
    }
  }

  @Test
  void certificateThatTheServerDoesNotKnow_orNone_isRefused() throws Exception {
    KeyMaterial server = KeyMaterial.generate(folder, "server", KeyMaterial.Format.JKS);
    KeyMaterial app = KeyMaterial.generate(folder, "app", KeyMaterial.Format.JKS);
    KeyMaterial stranger = KeyMaterial.generate(folder, "stranger", KeyMaterial.Format.JKS);
    try (ZkProcesses servers = start(server, app)) {
      requireRefused(tls(servers, server.trust(), stranger.keys()), servers);
      requireRefused(
          ZkClient.builder(servers.connectString()).zooKeeperConfig(trusting(server.trust())),
          servers);
      requireServed(servers, server, app);
    }
  }

  @Test
  @Tag("full")
  void certificateForAnotherName_isCalledAMismatch() throws Exception {
    KeyMaterial server =
        KeyMaterial.generate(folder, "server", KeyMaterial.Format.JKS, "dns:zk.example.org");
    KeyMaterial app = KeyMaterial.generate(folder, "app", KeyMaterial.Format.JKS);
    KeyMaterial other = KeyMaterial.generate(folder, "other", KeyMaterial.Format.JKS);
    try (ZkProcesses servers = start(server, app)) {
      for (String fips : new String[] {"true", "false"}) {
        assertThatThrownBy(() -> tls(servers, server.trust(), app.keys(), fips)
                .connectTimeout(Duration.ofSeconds(10))
                .connect())
            .isInstanceOf(ZkUnavailableException.class)
            .hasMessageContaining(servers.connectString()
                + " (TLS host name mismatch: the certificate of the server is for zk.example.org,"
                + " not for 127.0.0.1)");
      }
      assertThatThrownBy(() -> tls(servers, other.trust(), app.keys(), "true")
              .connectTimeout(Duration.ofSeconds(10))
              .connect())
          .isInstanceOf(ZkUnavailableException.class)
          .hasMessageContaining("(TLS: the handshake failed: ")
          .hasMessageContaining("certification path");
    }
  }

  /** With a session of a minute the library would stay with a silent server for 20 s, longer than the connect may take. */
  @Test
  void twoOfThreeServersSilent_connectsEachTime() throws Exception {
    KeyMaterial server = KeyMaterial.generate(folder, "server", KeyMaterial.Format.JKS);
    KeyMaterial app = KeyMaterial.generate(folder, "app", KeyMaterial.Format.JKS);
    try (ZkProcesses servers = start(server, app);
        ServerSocket one = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ServerSocket two = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      requireServed(servers, server, app);
      ZkClientBuilder builder = ZkClient.builder("127.0.0.1:" + one.getLocalPort() + ","
              + servers.connectString() + ",127.0.0.1:" + two.getLocalPort())
          .zooKeeperConfig(config(server.trust(), app.keys()))
          .sessionTimeout(Duration.ofSeconds(60))
          .connectTimeout(Duration.ofSeconds(19));
      for (int i = 0; i < 6; i++) {
        try (ZkClient client = builder.connect()) {
          assertThat(client.incarnation()).isEqualTo(1);
        }
      }
    }
  }

  private static ZkClientBuilder tls(ZkProcesses servers, Path trust, Path keys, String fips) {
    ZKClientConfig config = trusting(trust);
    config.setProperty("zookeeper.fips-mode", fips);
    config.setProperty("zookeeper.ssl.keyStore.location", keys.toString());
    config.setProperty("zookeeper.ssl.keyStore.password", passwordOf(keys));
    return ZkClient.builder(servers.connectString()).zooKeeperConfig(config);
  }

  private static void requireRefused(ZkClientBuilder client, ZkProcesses servers) {
    assertThatThrownBy(() -> client.connectTimeout(REFUSED).connect())
        .isInstanceOf(ZkUnavailableException.class)
        .hasMessageContaining(servers.connectString())
        .hasMessageContaining("nothing was changed")
        .hasMessageNotContaining("canary");
  }

  /** So that what was refused was not refused for another reason. */
  private static void requireServed(ZkProcesses servers, KeyMaterial server, KeyMaterial app)
      throws Exception {
    try (ZkClient client =
        tls(servers, server.trust(), app.keys()).connectTimeout(PATIENCE).connect()) {
      assertThat(client.incarnation()).isEqualTo(1);
    }
  }

  private static ZkProcesses start(KeyMaterial server, KeyMaterial trusted) {
    return ZkProcesses.servers(1)
        .zooCfg("serverCnxnFactory", "org.apache.zookeeper.server.NettyServerCnxnFactory")
        .zooCfg("client.portUnification", "true")
        .zooCfg("authProvider.x509", "org.apache.zookeeper.server.auth.X509AuthenticationProvider")
        .zooCfg("ssl.keyStore.location", server.keys().toString())
        .zooCfg("ssl.keyStore.password", passwordOf(server.keys()))
        .zooCfg("ssl.trustStore.location", trusted.trust().toString())
        .zooCfg("ssl.trustStore.password", passwordOf(trusted.trust()))
        .start();
  }

  private static ZkClientBuilder tls(ZkProcesses servers, Path trust, Path keys) {
    return ZkClient.builder(servers.connectString()).zooKeeperConfig(config(trust, keys));
  }

  private static ZKClientConfig config(Path trust, Path keys) {
    ZKClientConfig config = trusting(trust);
    config.setProperty("zookeeper.ssl.keyStore.location", keys.toString());
    config.setProperty("zookeeper.ssl.keyStore.password", passwordOf(keys));
    return config;
  }

  private static ZKClientConfig trusting(Path trust) {
    ZKClientConfig config = new ZKClientConfig();
    config.setProperty(ZKClientConfig.SECURE_CLIENT, "true");
    config.setProperty(
        ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET, "org.apache.zookeeper.ClientCnxnSocketNetty");
    config.setProperty("zookeeper.ssl.trustStore.location", trust.toString());
    config.setProperty("zookeeper.ssl.trustStore.password", passwordOf(trust));
    return config;
  }

  private static String passwordOf(Path file) {
    return file.toString().endsWith(".pem") ? "" : KeyMaterial.PASSWORD;
  }
}
