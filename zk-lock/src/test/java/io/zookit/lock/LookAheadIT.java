package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.PacketCounts;
import io.zookit.testkit.ZkServerExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A waiter that is also notified of the request before the one ahead. */
@Tag("full")
class LookAheadIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private FaultProxy proxy;
  private DistributedLock theirs;
  private DistributedLock plain;
  private DistributedLock looking;

  @BeforeEach
  void open() throws Exception {
    world.awaitNoWatch();
    proxy = world.proxy();
    ZkClient client = world.clientWithoutTimers(proxy);
    theirs = DistributedLock.named("a", world.client("other"));
    plain = DistributedLock.builder("a", client).lookAhead(false).build();
    looking = DistributedLock.named("a", client);
    theirs.acquire(LockWorld.LONG).close();
    plain.acquire().close();
    world.awaitQueue("a", 0);
    proxy.resetCounters();
  }

  /** Requests of the other client, the first of which holds the lock. */
  private List<CompletableFuture<Lease>> ahead(int requests) throws Exception {
    List<CompletableFuture<Lease>> asked = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      asked.add(theirs.acquireAsync());
      world.awaitQueue("a", i + 1);
    }
    asked.get(0).get(20, TimeUnit.SECONDS);
    return asked;
  }

  private void awaitReads(int reads) {
    await().until(() -> proxy.requests(Op.GET_DATA) == reads);
  }

  @Test
  void grant_twoWereAhead_needsNoReadAtItsTurn() throws Exception {
    List<CompletableFuture<Lease>> ahead = ahead(2);
    CompletableFuture<Lease> waiting = looking.acquireAsync();
    awaitReads(2);
    int listings = (int) proxy.requests(Op.GET_CHILDREN);
    ahead.get(0).get(20, TimeUnit.SECONDS).close();
    Lease last = ahead.get(1).get(20, TimeUnit.SECONDS);
    await().until(() -> proxy.requests(Op.GET_CHILDREN) == listings + 1);
    awaitReads(3); // now of the own node, too
    assertThat(waiting).isNotDone();
    awaitAnswered();
    PacketCounts before = proxy.counts();
    last.close();
    waiting.get(20, TimeUnit.SECONDS).close();
    assertThat(proxy.counts().minus(before).requests(Op.GET_CHILDREN)).isZero();
    assertThat(proxy.counts().minus(before).requests(Op.GET_DATA)).isZero();
  }

  /** A request whose answer comes behind all answers before it. */
  private void awaitAnswered() throws Exception {
    assertThat(plain.tryAcquire()).isEmpty();
  }

  @Test
  void grant_twoWereAheadWithoutTheOption_readsAtItsTurn() throws Exception {
    List<CompletableFuture<Lease>> ahead = ahead(2);
    CompletableFuture<Lease> waiting = plain.acquireAsync();
    awaitReads(1);
    ahead.get(0).get(20, TimeUnit.SECONDS).close();
    Lease last = ahead.get(1).get(20, TimeUnit.SECONDS);
    awaitAnswered();
    PacketCounts before = proxy.counts();
    last.close();
    waiting.get(20, TimeUnit.SECONDS).close();
    assertThat(proxy.counts().minus(before).requests(Op.GET_CHILDREN)).isEqualTo(1);
  }

  @Test
  void grant_manyWereAhead_comesInOrderAndLeavesNoWatch() throws Exception {
    int watches = world.server.watchCount();
    List<CompletableFuture<Lease>> ahead = ahead(6);
    CompletableFuture<Lease> waiting = looking.acquireAsync();
    awaitReads(2);
    for (CompletableFuture<Lease> each : ahead) {
      assertThat(waiting).isNotDone();
      each.get(20, TimeUnit.SECONDS).close();
    }
    waiting.get(20, TimeUnit.SECONDS).close();
    world.awaitQueue("a", 0);
    await().until(() -> world.server.watchCount() <= watches);
  }

  @Test
  void grant_theNearestGoesFirst_stillWaitsForTheHolder() throws Exception {
    List<CompletableFuture<Lease>> ahead = ahead(3);
    CompletableFuture<Lease> waiting = looking.acquireAsync();
    awaitReads(2);
    ahead.get(2).cancel(true);
    world.awaitQueue("a", 3);
    ahead.get(1).cancel(true);
    world.awaitQueue("a", 2);
    awaitAnswered();
    assertThat(waiting).isNotDone();
    ahead.get(0).get().close();
    waiting.get(20, TimeUnit.SECONDS).close();
  }

  @Test
  void grant_holderGoneWhileCutOff_comesAfterTheReconnect() throws Exception {
    List<CompletableFuture<Lease>> ahead = ahead(2);
    CompletableFuture<Lease> waiting = looking.acquireAsync();
    awaitReads(2);
    proxy.refuse();
    proxy.cut();
    for (CompletableFuture<Lease> each : ahead) {
      each.get(20, TimeUnit.SECONDS).close();
    }
    world.awaitQueue("a", 1);
    assertThat(waiting).isNotDone();
    proxy.heal();
    waiting.get(20, TimeUnit.SECONDS).close();
  }
}
