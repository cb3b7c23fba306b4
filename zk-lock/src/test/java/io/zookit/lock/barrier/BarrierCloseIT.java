package io.zookit.lock.barrier;

import static io.zookit.lock.barrier.BarrierWorld.BRIEF;
import static io.zookit.lock.barrier.BarrierWorld.LONG;
import static io.zookit.lock.barrier.BarrierWorld.elsewhere;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.ZkClient;
import io.zookit.core.ZkTimeoutException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A member whose client is closed while it enters, and whose borrowed session continues. */
@Tag("full")
class BarrierCloseIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final String NODE = "/barriers/b/~b";

  private BarrierWorld world;
  private FaultProxy proxy;
  private CuratorFramework curator;
  private ZkClient client;

  @BeforeEach
  void open() {
    world = new BarrierWorld(zooKeeper.server(), zooKeeper.freshRoot());
    proxy = world.proxy();
    curator = world.curator(proxy.connectString());
    curator.start();
    client = ZkClient.borrowing(curator).root(world.root).connect();
    assertThatThrownBy(() -> barrier(client).enter(BRIEF)).isInstanceOf(ZkTimeoutException.class);
  }

  @AfterEach
  void close() throws Exception {
    curator.close();
    world.close();
  }

  private static DistributedDoubleBarrier barrier(ZkClient client) {
    return DistributedDoubleBarrier.named("b", 2, client);
  }

  private void requireClosedAndGone(CompletableFuture<BarrierRound> entering) {
    assertThatThrownBy(() -> entering.get(20, TimeUnit.SECONDS))
        .hasMessageContaining("the client is closed");
    world.awaitChildren(NODE, 0);
  }

  @Test
  void enter_closedBeforeTheAnswerToItsNode_leavesNone() {
    proxy.delayReplies(Duration.ofMillis(500));
    CompletableFuture<BarrierRound> entering = elsewhere(() -> barrier(client).enter(LONG));
    world.awaitChildren(NODE, 1);
    client.close();
    requireClosedAndGone(entering);
  }

  @Test
  void enter_closedAfterTheAnswerToItsNodeWasLost_leavesNone() throws Exception {
    proxy.refuse();
    Fault fault = proxy.cutAfter(Op.CREATE2, 1);
    CompletableFuture<BarrierRound> entering = elsewhere(() -> barrier(client).enter(LONG));
    assertThat(fault.await(LONG)).isTrue();
    client.close();
    assertThat(world.children(NODE)).hasSize(1);
    proxy.heal();
    requireClosedAndGone(entering);
  }

  @Test
  void enter_closedAfterItsTimeWasOver_leavesNone() {
    proxy.refuse();
    Fault fault = proxy.cutAfter(Op.CREATE2, 1);
    assertThatThrownBy(() -> barrier(client).enter(BRIEF))
        .isInstanceOf(ZkUnavailableException.class)
        .hasMessageContaining("it is unknown whether the round has opened");
    assertThat(fault.landed()).isTrue();
    client.close();
    assertThat(world.children(NODE)).hasSize(1);
    proxy.heal();
    world.awaitChildren(NODE, 0);
  }
}
