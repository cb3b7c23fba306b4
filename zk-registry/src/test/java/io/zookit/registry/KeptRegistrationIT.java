package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.SessionState;
import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkNode;
import io.zookit.testkit.ZkServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An outage that is longer than the sessions, which the servers keep while they have no quorum. */
@Timeout(180)
@Tag("full")
class KeptRegistrationIT {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration OUTAGE = Duration.ofSeconds(7);

  @Test
  void serverAwayForThreeTimeouts_instanceKeepsItsNodeAndLaterChangesAreSeen() throws Exception {
    try (ZkServer server = ZkServer.start();
        ZkClient providing = connect(server);
        ZkClient consuming = connect(server)) {
      ServiceInstance instance = ServiceInstance.at("orders", "10.0.0.7", 8080).withId("i1");
      Registration mine = ServiceRegistry.in(providing).register(instance).awaitRegistered(LONG);
      ServiceView view = ServiceRegistry.in(consuming).discover("orders").awaitReady(LONG);
      await().atMost(LONG).until(() -> view.current().size() == 1);
      Recorded told = new Recorded();
      view.subscribe(told);
      List<ZkNode> before = instances(server);
      assertThat(before).hasSize(1);

      server.stop();
      await()
          .atMost(LONG)
          .pollDelay(OUTAGE)
          .until(() -> providing.session().state() == SessionState.LOST
              && consuming.session().state() == SessionState.LOST);
      assertThat(view.current()).containsExactly(instance);
      server.restart();
      await()
          .atMost(LONG)
          .until(() -> providing.session().state() == SessionState.CONNECTED
              && consuming.session().state() == SessionState.CONNECTED);
      mine.update(old -> old.withWeight(3));
      await().atMost(LONG).until(() -> view.current().get(0).weight() == 3);

      assertThat(instances(server)).isEqualTo(before);
      assertThat(mine.status()).isEqualTo(RegistrationStatus.REGISTERED);
      assertThat(told.lines()).hasSize(2);
      assertThat(told.lines().get(1)).startsWith("changed");
    }
  }

  private static ZkClient connect(ZkServer server) throws Exception {
    return ZkClient.builder(server.connectString())
        .connectTimeout(LONG)
        .sessionTimeout(Duration.ofSeconds(2))
        .connect();
  }

  private static List<ZkNode> instances(ZkServer server) {
    return server.nodes("/zookit/services").stream()
        .filter(node -> node.ephemeral() && node.path().contains("i1"))
        .toList();
  }
}
