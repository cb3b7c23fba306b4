package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.SessionState;
import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkNode;
import io.zookit.testkit.ZkServer;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryForever;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Registrations over an outage of 25 s, with sessions of the default timeout of 15 s, which the servers keep while they
 * have no quorum.
 */
@Timeout(300)
@Tag("nightly")
class RegistryOutageIT {

  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Duration SESSION = Duration.ofSeconds(15);
  private static final Duration OUTAGE = Duration.ofSeconds(25);

  /** The control is an instance that is registered over a given Curator client: its node is another one afterwards. */
  @Test
  void serverAwayFor25Seconds_instanceKeepsItsNodeAndOneOverCuratorDoesNot() throws Exception {
    try (ZkServer server = ZkServer.start();
        ZkClient providing = own(server);
        ZkClient control = overCurator(server);
        ZkClient consuming = own(server)) {
      Registration mine = register(providing, "own");
      Registration other = register(control, "control");
      ServiceView view = ServiceRegistry.in(consuming).discover("orders").awaitReady(LONG);
      await().atMost(LONG).until(() -> view.current().size() == 2);
      Recorded told = new Recorded();
      view.subscribe(told);
      List<ZkNode> nodeBefore = nodes(server, "own");
      List<ZkNode> controlBefore = nodes(server, "control");
      assertThat(nodeBefore).hasSize(1);
      assertThat(controlBefore).hasSize(1);

      server.stop();
      await()
          .atMost(LONG)
          .pollDelay(OUTAGE)
          .until(() -> Stream.of(providing, control, consuming)
              .allMatch(client -> client.session().state() == SessionState.LOST));
      assertThat(view.current()).hasSize(2);
      server.restart();
      long restarted = System.nanoTime();
      await()
          .atMost(LONG)
          .until(() -> providing.session().state() == SessionState.CONNECTED
              && consuming.session().state() == SessionState.CONNECTED);
      mine.update(old -> old.withWeight(3));
      await()
          .atMost(LONG)
          .until(() -> view.current().stream().anyMatch(each -> each.weight() == 3));
      System.out.println("a change was seen "
          + Duration.ofNanos(System.nanoTime() - restarted).toMillis() + " ms after the restart");

      assertThat(nodes(server, "own")).isEqualTo(nodeBefore);
      assertThat(mine.status()).isEqualTo(RegistrationStatus.REGISTERED);
      assertThat(told.lines()).noneMatch(line -> line.startsWith("removed own"));
      await()
          .atMost(LONG)
          .until(() -> nodes(server, "control").size() == 1
              && !nodes(server, "control").equals(controlBefore));
      assertThat(other.status()).isEqualTo(RegistrationStatus.REGISTERED);
      assertThat(nodes(server, "own")).isEqualTo(nodeBefore);
    }
  }

  private static Registration register(ZkClient client, String id) throws Exception {
    return ServiceRegistry.in(client)
        .register(ServiceInstance.at("orders", "10.0.0.7", 8080).withId(id))
        .awaitRegistered(LONG);
  }

  private static List<ZkNode> nodes(ZkServer server, String id) {
    return server.nodes("/zookit/services").stream()
        .filter(node -> node.ephemeral() && node.path().contains("/" + id + "@"))
        .toList();
  }

  private static ZkClient own(ZkServer server) throws Exception {
    return ZkClient.builder(server.connectString())
        .connectTimeout(LONG)
        .sessionTimeout(SESSION)
        .connect();
  }

  private static ZkClient overCurator(ZkServer server) throws Exception {
    CuratorFramework curator = CuratorFrameworkFactory.builder()
        .connectString(server.connectString())
        .sessionTimeoutMs((int) SESSION.toMillis())
        .retryPolicy(new RetryForever(100))
        .ensembleTracker(false)
        .build();
    return ZkClient.owning(curator).connect();
  }
}
