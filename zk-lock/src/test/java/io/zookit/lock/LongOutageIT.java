package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.lock.election.Candidacy;
import io.zookit.lock.election.LeaderElection;
import io.zookit.lock.election.Leadership;
import io.zookit.testkit.ZkNode;
import io.zookit.testkit.ZkServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * One outage of 25 s, with sessions of the default timeout of 15 s, which the servers keep while they have no quorum. The
 * controls are a plain handle and a given Curator client in the same outage: both give their sessions up, so what the
 * others keep could have been lost.
 */
@Timeout(180)
@Tag("full")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LongOutageIT {

  private static final Duration SESSION = Duration.ofSeconds(15);
  private static final Duration OUTAGE = Duration.ofSeconds(25);
  private static final String PLAIN = "/plain";

  private final ZkServer server = ZkServer.start();
  private final LockWorld world = new LockWorld(server, "/outage");
  private final CompletableFuture<KeeperState> plainHandleGaveUp = new CompletableFuture<>();

  private Lease lost;
  private CompletableFuture<Lease> waiting;
  private CompletableFuture<Lease> waitingLast;
  private List<ZkNode> queueBefore;
  private Candidacy led;
  private Candidacy next;
  private Leadership term;
  private List<ZkNode> candidatesBefore;
  private ZooKeeper plain;
  private CuratorFramework curator;
  private CompletableFuture<Lease> waitingOverCurator;
  private ZkNode nodeOverCurator;
  private long curatorSession;
  private long restartedAt;

  @BeforeAll
  void passTheOutage() throws Exception {
    queueForALock();
    stand();
    queueOverCurator();
    plain = new ZooKeeper(server.connectString(), (int) SESSION.toMillis(), this::onPlainHandle);
    await().atMost(LockWorld.LONG).until(() -> plain.getState().isConnected());
    plain.create(PLAIN, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);

    server.stop();
    await()
        .atMost(LockWorld.LONG)
        .pollDelay(OUTAGE)
        .until(() -> lost.state() == LeaseState.LOST && !term.isValid());
    assertThat(lost.released()).isNotDone();
    restartedAt = System.nanoTime();
    waiting.thenRun(() -> report("a lock was granted"));
    waitingOverCurator.thenRun(() -> report("a lock was granted over Curator"));
    server.restart();
  }

  @AfterAll
  void close() throws Exception {
    plain.close();
    world.close();
    server.close();
  }

  private void queueForALock() throws Exception {
    lost = DistributedLock.named("a", client("holder")).acquire(LockWorld.LONG);
    waiting = DistributedLock.named("a", client("first")).acquireAsync();
    world.awaitQueue("a", 2);
    waitingLast = DistributedLock.named("a", client("second")).acquireAsync();
    world.awaitQueue("a", 3);
    queueBefore = world.queue("a");
  }

  private void stand() {
    led = LeaderElection.named("e", client("leader")).join("one", leadership -> {});
    await().atMost(LockWorld.LONG).until(() -> led.leadership().isPresent());
    term = led.leadership().orElseThrow();
    next = LeaderElection.named("e", client("candidate"))
        .join("two", leadership -> report("a candidate led"));
    world.awaitQueue("e", 2);
    candidatesBefore = world.queue("e");
  }

  private void queueOverCurator() throws Exception {
    Lease held = DistributedLock.named("c", client("other")).acquire(LockWorld.LONG);
    curator = world.curator(server.connectString(), SESSION);
    waitingOverCurator = DistributedLock.named("c", world.clientOver(curator)).acquireAsync();
    world.awaitQueue("c", 2);
    nodeOverCurator = world.queue("c").get(1);
    curatorSession = curator.getZookeeperClient().getZooKeeper().getSessionId();
    assertThat(held.isValid()).isTrue();
  }

  private void onPlainHandle(WatchedEvent event) {
    if (event.getType() == Watcher.Event.EventType.None
        && event.getState() == KeeperState.Expired) {
      plainHandleGaveUp.complete(event.getState());
    }
  }

  private ZkClient client(String label) {
    return world.client(label, server.connectString(), SESSION);
  }

  @Test
  void waiter_afterTheOutage_isGrantedOnItsOldNodeAndTheOldLeaseStaysLost() throws Exception {
    try (Lease granted = waiting.get(60, TimeUnit.SECONDS)) {
      assertThat(world.queue("a")).isEqualTo(queueBefore.subList(1, 3));
      assertThat(granted.token()).isGreaterThan(lost.token());
      assertThat(granted.isValid()).isTrue();
      assertThat(lost.state()).isEqualTo(LeaseState.LOST);
      lost.released().get(60, TimeUnit.SECONDS);
    }
    try (Lease granted = waitingLast.get(60, TimeUnit.SECONDS)) {
      assertThat(world.queue("a")).isEqualTo(queueBefore.subList(2, 3));
      assertThat(granted.isValid()).isTrue();
    }
  }

  @Test
  void candidate_afterTheOutage_leadsByItsOldNodeAndTheOldLeaderQueuesBehindIt() {
    await().atMost(LockWorld.LONG).until(() -> next.leadership().isPresent());
    world.awaitQueue("e", 2);
    assertThat(world.queue("e").get(0)).isEqualTo(candidatesBefore.get(1));
    assertThat(world.queue("e").get(1)).isNotEqualTo(candidatesBefore.get(0));
    assertThat(next.leadership().orElseThrow().epoch()).isGreaterThan(term.epoch());
    assertThat(term.isValid()).isFalse();
    assertThat(led.leadership()).isEmpty();
  }

  /** Control: the client library ends a handle after four thirds of the session timeout. */
  @Test
  void plainHandle_inTheSameOutage_givesItsSessionUpAndLosesItsNode() throws Exception {
    assertThat(plainHandleGaveUp.get(60, TimeUnit.SECONDS)).isEqualTo(KeeperState.Expired);
    assertThat(plain.getState().isAlive()).isFalse();
    await()
        .atMost(LockWorld.LONG)
        .until(() -> server.nodes().stream().noneMatch(node -> node.path().equals(PLAIN)));
    report("the node of the plain handle was gone");
  }

  /** Control: Curator ends a handle after one session timeout, so its waiter is in the queue with another node. */
  @Test
  void waiterOverCurator_inTheSameOutage_losesItsSessionAndItsPlace() throws Exception {
    try (Lease granted = waitingOverCurator.get(60, TimeUnit.SECONDS)) {
      assertThat(granted.isValid()).isTrue();
      assertThat(world.queue("c")).doesNotContain(nodeOverCurator);
      assertThat(curator.getZookeeperClient().getZooKeeper().getSessionId())
          .isNotEqualTo(curatorSession);
    }
  }

  private void report(String what) {
    System.out.println(what + " "
        + Duration.ofNanos(System.nanoTime() - restartedAt).toMillis() + " ms after the restart");
  }
}
