package io.zookit.core.internal.lineage;

import static io.zookit.core.internal.lineage.LineageFixture.LONG;
import static io.zookit.core.internal.lineage.LineageFixture.awaitTrust;
import static io.zookit.core.internal.lineage.LineageFixture.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.AccessPolicy;
import io.zookit.core.Identity;
import io.zookit.core.Role;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkClientBuilder;
import io.zookit.core.internal.client.Inside;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ManualTimekeeper;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests that the memory of the data costs, counted by a clock that a test moves. */
@Timeout(300)
@Tag("full")
class LineageCostIT {

  private static final Identity ADMIN = Identity.digest("admin", "admin-secret");
  private static final Identity VIEWER = Identity.digest("viewer", "viewer-secret");

  /** A client's timers run four times in its session timeout. */
  private static final Duration SESSION = Duration.ofSeconds(60);

  private static final Duration STEP = Duration.ofSeconds(5);
  private static final int MINUTES = 20;

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final LineageFixture clients = new LineageFixture();
  private final ManualTimekeeper clock =
      new ManualTimekeeper(Timekeeper.system().now());

  @AfterEach
  void closeAll() {
    clients.close();
  }

  @Test
  void eightQuietClients_writeAboutOnceAMinuteTogether() throws Exception {
    String root = zooKeeper.freshRoot();
    try (FaultProxy proxy = FaultProxy.to(zooKeeper.server())) {
      List<Inside> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        all.add(clients.connect(builder(proxy.connectString(), root)));
        read(all.get(i));
        pass(Duration.ofSeconds(2), all, LineageCostIT::awaitQuietly);
      }
      int before = read(all.get(0)).here().version();
      proxy.resetCounters();
      pass(Duration.ofMinutes(MINUTES), all, LineageCostIT::awaitQuietly);
      // by the first that finds it unchanged for a minute, at its next read
      assertThat(proxy.requests(Op.SET_DATA)).as("all tries").isBetween(MINUTES / 2L, MINUTES + 2L);
      assertThat(read(all.get(0)).here().version() - before).isBetween(MINUTES / 2, MINUTES);
      all.forEach(LineageFixture::awaitTrust);
      assertThat(clients.alarms()).isEmpty();
    }
  }

  /** Answers to its own requests show a busy client that it is connected, so it reads the node once a minute only. */
  @Test
  void busyClient_readsOnceAMinute() throws Exception {
    String root = zooKeeper.freshRoot();
    try (FaultProxy proxy = FaultProxy.to(zooKeeper.server())) {
      Inside busy = clients.connect(builder(proxy.connectString(), root));
      read(busy);
      proxy.resetCounters();
      pass(Duration.ofMinutes(MINUTES), List.of(busy), LineageCostIT::request);
      assertThat(proxy.requests(Op.GET_DATA)).isBetween(MINUTES / 2L, (long) MINUTES);
      assertThat(proxy.requests(Op.SET_DATA)).isBetween(MINUTES / 3L, (long) MINUTES);
    }
  }

  @Test
  void readOnlyRole_neverWritesAndStillCompares() throws Exception {
    String root = zooKeeper.freshRoot();
    Inside.connect(admin(root)).close();
    try (FaultProxy proxy = FaultProxy.to(zooKeeper.server())) {
      Inside viewer =
          clients.connect(builder(proxy.connectString(), root).digest("viewer", "viewer-secret"));
      int before = read(viewer).here().version();
      proxy.resetCounters();
      pass(Duration.ofMinutes(MINUTES), List.of(viewer), LineageCostIT::awaitQuietly);
      assertThat(proxy.requests(Op.GET_DATA)).as("reads").isGreaterThan(MINUTES);
      assertThat(proxy.requests(Op.SET_DATA)).as("tried once, refused").isLessThanOrEqualTo(1);
      assertThat(read(viewer).here().version()).isEqualTo(before);

      Inside writer = clients.connect(admin(root));
      LineageFixture.writeUpTo(writer, before + 1, "a");
      pass(Duration.ofMinutes(1), List.of(viewer), LineageCostIT::awaitQuietly);
      assertThat(viewer.client.lineage().orElseThrow().version()).isGreaterThan(before);
      awaitTrust(viewer);
    }
  }

  private ZkClientBuilder admin(String root) {
    return builder(zooKeeper.connectString(), root)
        .digest("admin", "admin-secret")
        .access(AccessPolicy.sharedBy(ADMIN).withRole(Role.VIEWER, VIEWER));
  }

  /** Lets time pass in steps, each as long as all clients need to answer what fell due. */
  private void pass(Duration time, List<Inside> all, Barrier barrier) throws Exception {
    for (Duration left = time; left.compareTo(Duration.ZERO) > 0; left = left.minus(STEP)) {
      clock.advance(STEP.compareTo(left) < 0 ? STEP : left);
      for (Inside each : all) {
        barrier.await(each); // requests that fell due are sent before it, and answered
        barrier.await(each); // what followed from the answers, too
      }
    }
  }

  private interface Barrier {
    void await(Inside client) throws Exception;
  }

  private static void request(Inside client) {
    client.<Boolean>ask((handle, reply) -> handle.sync(client.client.rootPath(), reply));
  }

  /** Behind the client's back, so that it does not take the answer for one to a request of its own. */
  private static void awaitQuietly(Inside client) throws Exception {
    client.zooKeeper().exists("/", false);
    client.doOnLoop(() -> {});
  }

  private ZkClientBuilder builder(String connectString, String root) {
    return ZkClient.builder(connectString)
        .root(root)
        .timekeeper(clock)
        .connectTimeout(LONG)
        .sessionTimeout(SESSION);
  }
}
