package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.SessionState;
import io.zookit.core.ZkClient;
import io.zookit.lock.election.Candidacy;
import io.zookit.lock.election.LeaderElection;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ZkNode;
import io.zookit.testkit.ZkServer;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Outages that are longer than the sessions, which the servers keep while they have no quorum. */
@Timeout(180)
@Tag("full")
class OutageIT {

  private static final Duration SHORT_SESSION = Duration.ofSeconds(2);
  private static final Duration LONG_OUTAGE = Duration.ofSeconds(7);

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot());

  @Test
  void serverAwayForThreeTimeouts_waitersKeepTheirPlacesAndTheLeaseIsLost() throws Exception {
    try (ZkServer own = ZkServer.start();
        LockWorld there = new LockWorld(own, "/outage")) {
      ZkClient holder = client(there, own, "holder");
      ZkClient first = client(there, own, "first");
      Lease lost = DistributedLock.named("a", holder).acquire(LockWorld.LONG);
      CompletableFuture<Lease> one = DistributedLock.named("a", first).acquireAsync();
      there.awaitQueue("a", 2);
      CompletableFuture<Lease> two =
          DistributedLock.named("a", client(there, own, "second")).acquireAsync();
      there.awaitQueue("a", 3);
      CompletableFuture<Lease> three = DistributedLock.named("a", first).acquireAsync();
      there.awaitQueue("a", 4);
      List<ZkNode> before = there.queue("a");

      own.stop();
      await()
          .atMost(LockWorld.LONG)
          .pollDelay(LONG_OUTAGE)
          .until(() -> lost.state() == LeaseState.LOST);
      assertThat(lost.released()).isNotDone();
      own.restart();

      try (Lease next = one.get(30, TimeUnit.SECONDS)) {
        assertThat(there.queue("a")).isEqualTo(before.subList(1, 4));
        assertThat(next.token()).isGreaterThan(lost.token());
        assertThat(lost.isValid()).isFalse();
      }
      lost.released().get(30, TimeUnit.SECONDS);
      try (Lease next = two.get(30, TimeUnit.SECONDS)) {
        assertThat(there.queue("a")).isEqualTo(before.subList(2, 4));
        assertThat(next.isValid()).isTrue();
      }
      three.get(30, TimeUnit.SECONDS).close();
      DistributedLock.named("a", holder).acquire(LockWorld.LONG).close();
      assertThat(lost.state()).isEqualTo(LeaseState.LOST);
    }
  }

  @Test
  void cutOffWhileTheServersServe_sessionExpiresAndTheRequestQueuesAgain() throws Exception {
    FaultProxy proxy = world.proxy();
    ZkClient waiter = world.client("waiter", proxy, SHORT_SESSION);
    Lease held = DistributedLock.named("a", world.client("holder")).acquire(LockWorld.LONG);
    CompletableFuture<Lease> waiting = DistributedLock.named("a", waiter).acquireAsync();
    world.awaitQueue("a", 2);
    List<ZkNode> before = world.queue("a");
    proxy.refuse();
    proxy.cut();
    world.awaitQueue("a", 1);
    proxy.heal();
    world.awaitQueue("a", 2);
    assertThat(world.queue("a").get(0)).isEqualTo(before.get(0));
    assertThat(world.queue("a")).doesNotContain(before.get(1));
    assertThat(held.isValid()).isTrue();
    held.close();
    waiting.get(30, TimeUnit.SECONDS).close();
  }

  @Test
  void holderIsCutOffWhileTheServersServe_twoLeasesAreNeverValidAtOnce() throws Exception {
    FaultProxy proxy = world.proxy();
    ZkClient holder = world.client("holder", proxy, SHORT_SESSION);
    Lease lost = DistributedLock.named("a", holder).acquire(LockWorld.LONG);
    CompletableFuture<Boolean> overlapped = DistributedLock.named("a", world.client("waiter"))
        .acquireAsync()
        .thenApply(lease -> {
          boolean both = lost.isValid();
          lease.close();
          return both;
        });
    world.awaitQueue("a", 2);
    proxy.refuse();
    proxy.cut();
    assertThat(overlapped.get(30, TimeUnit.SECONDS)).isFalse();
    await().atMost(LockWorld.LONG).until(() -> lost.state() == LeaseState.LOST);
    proxy.heal();
    await().atMost(LockWorld.LONG).until(() -> holder.session().state() == SessionState.CONNECTED);
    assertThat(lost.isValid()).isFalse();
    lost.released().get(30, TimeUnit.SECONDS);
    world.awaitQueue("a", 0);
  }

  @Test
  void serverAwayForThreeTimeouts_leadershipIsLostAndSomeoneLeadsAgain() throws Exception {
    try (ZkServer own = ZkServer.start();
        LockWorld there = new LockWorld(own, "/leader")) {
      LeaderElection mine = LeaderElection.named("l", client(there, own, "one"));
      LeaderElection theirs = LeaderElection.named("l", client(there, own, "two"));
      try (Candidacy one = mine.join("one", leadership -> {});
          Candidacy two = theirs.join("two", leadership -> {})) {
        await().atMost(LockWorld.LONG).until(() -> isLed(one, two));
        own.stop();
        await()
            .atMost(LockWorld.LONG)
            .pollDelay(LONG_OUTAGE)
            .until(() -> one.leadership().isEmpty() && two.leadership().isEmpty());
        own.restart();
        await().atMost(LockWorld.LONG).until(() -> isLed(one, two));
      }
    }
  }

  private static boolean isLed(Candidacy one, Candidacy two) {
    return one.leadership().isPresent() != two.leadership().isPresent();
  }

  private static ZkClient client(LockWorld there, ZkServer server, String label) {
    return there.client(label, server.connectString(), SHORT_SESSION);
  }
}
