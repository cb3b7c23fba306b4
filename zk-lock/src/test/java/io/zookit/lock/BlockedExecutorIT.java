package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.lock.election.Candidacy;
import io.zookit.lock.election.HeardTerms;
import io.zookit.lock.election.LeaderElection;
import io.zookit.lock.inspect.LockInspector;
import io.zookit.testkit.ZkNode;
import io.zookit.testkit.ZkServerExtension;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Locks and candidacies continue while the only thread of the user's executor is blocked. */
@Tag("full")
class BlockedExecutorIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final LockWorld world = new LockWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private final CountDownLatch goOn = new CountDownLatch(1);
  private final ExecutorService given = Executors.newSingleThreadExecutor();
  private final ZkClient client = ZkClient.builder(zooKeeper.connectString())
      .root(world.root)
      .executor(given)
      .connect();
  private final LockInspector inspector = LockInspector.in(world.client("operator"));

  @AfterEach
  void close() {
    goOn.countDown();
    client.close();
    given.shutdownNow();
  }

  private void block() {
    given.execute(() -> {
      try {
        goOn.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
  }

  @Test
  @Tag("full")
  void localHandOff_sharedNodeIsRemoved_asksAgainForThoseWhoWait() throws Exception {
    DistributedLock lock = DistributedLock.builder("a", client).localHandOff(10).build();
    Lease lost = lock.acquire(LockWorld.LONG);
    CompletableFuture<Lease> next = new CompletableFuture<>();
    Thread waiting = new Thread(() -> {
      try {
        next.complete(lock.acquire(LockWorld.LONG));
      } catch (InterruptedException | RuntimeException e) {
        next.completeExceptionally(e);
      }
    });
    waiting.start();
    block();
    inspector.breakLock("a");
    Lease granted = next.get(60, TimeUnit.SECONDS);
    assertThat(granted.token()).isGreaterThan(lost.token());
    assertThat(lost.state()).isEqualTo(LeaseState.LOST);
    granted.close();
  }

  @Test
  void candidacy_nodeOfTheLeaderIsRemoved_queuesAgain() throws Exception {
    Candidacy candidacy = LeaderElection.named("e", client).join("n1", new HeardTerms());
    await().until(() -> candidacy.leadership().isPresent());
    List<ZkNode> first = world.queue("e");
    assertThat(first).hasSize(1);
    block();
    inspector.breakLock("e");
    await()
        .atMost(LockWorld.LONG)
        .until(() -> world.queue("e").size() == 1
            && !world.queue("e").get(0).path().equals(first.get(0).path()));
    candidacy.close();
  }
}
