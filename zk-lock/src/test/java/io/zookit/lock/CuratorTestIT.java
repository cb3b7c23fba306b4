package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.lock.election.Candidacy;
import io.zookit.lock.election.Leader;
import io.zookit.lock.election.LeaderElection;
import io.zookit.lock.election.LeaderListener;
import io.zookit.lock.election.Leadership;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.framework.recipes.locks.InterProcessSemaphoreV2;
import org.apache.curator.retry.ExponentialBackoffRetry;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The recipes of Curator and ours side by side, over one connection to one server of Curator Test. */
@Tag("full")
@Timeout(180)
class CuratorTestIT {

  private static final Duration LONG = Duration.ofMinutes(1);

  private TestingServer server;
  private CuratorFramework curator;
  private ZkClient zk;

  @BeforeEach
  void connect() throws Exception {
    server = new TestingServer();
    curator = CuratorFrameworkFactory.newClient(
        server.getConnectString(), new ExponentialBackoffRetry(100, 10));
    curator.start();
    zk = ZkClient.borrowing(curator).connect();
  }

  @AfterEach
  void close() throws Exception {
    zk.close();
    curator.close();
    server.close();
  }

  @Test
  void mutexes_ofBoth_excludeEachTheirOwn() throws Exception {
    InterProcessMutex theirs = new InterProcessMutex(curator, "/app/mutex");
    DistributedLock ours = DistributedLock.named("mutex", zk);
    AtomicInteger inTheirs = new AtomicInteger();
    AtomicInteger inOurs = new AtomicInteger();
    List<CompletableFuture<Void>> workers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      workers.add(CompletableFuture.runAsync(() -> {
        for (int round = 0; round < 10; round++) {
          inTheirs(theirs, inTheirs);
          inOurs(ours, inOurs);
        }
      }));
    }
    CompletableFuture.allOf(workers.toArray(CompletableFuture[]::new)).get(1, TimeUnit.MINUTES);
  }

  private static void inTheirs(InterProcessMutex mutex, AtomicInteger inside) {
    try {
      mutex.acquire();
      try {
        assertThat(inside.incrementAndGet()).isEqualTo(1);
        inside.decrementAndGet();
      } finally {
        mutex.release();
      }
    } catch (Exception e) {
      throw new AssertionError("their mutex", e);
    }
  }

  private static void inOurs(DistributedLock lock, AtomicInteger inside) {
    try (Lease lease = lock.acquire(LONG)) {
      assertThat(inside.incrementAndGet()).as(lease.toString()).isEqualTo(1);
      inside.decrementAndGet();
    } catch (InterruptedException e) {
      throw new AssertionError("our lock", e);
    }
  }

  @Test
  void semaphores_ofBoth_grantTheirPermits() throws Exception {
    InterProcessSemaphoreV2 theirs = new InterProcessSemaphoreV2(curator, "/app/semaphore", 2);
    DistributedSemaphore ours = DistributedSemaphore.named("semaphore", 2, zk);
    assertThat(theirs.acquire(2, 30, TimeUnit.SECONDS)).hasSize(2);
    assertThat(theirs.acquire(1, 1, TimeUnit.SECONDS)).isNull();
    try (Lease both = ours.tryAcquire(2).orElseThrow()) {
      assertThat(both.isValid()).isTrue();
      assertThat(ours.tryAcquire(1)).isEmpty();
    }
    assertThat(ours.tryAcquire(1)).hasValueSatisfying(Lease::close);
  }

  @Test
  void elections_ofBoth_surviveARestartOfTheServer() throws Exception {
    CountDownLatch elected = new CountDownLatch(1);
    LeaderElection election = LeaderElection.named("app", zk);
    try (LeaderLatch theirs = new LeaderLatch(curator, "/app/leader", "n1")) {
      theirs.start();
      Candidacy ours = election.join("n1", new LeaderListener() {
        @Override
        public void onElected(Leadership leadership) {
          elected.countDown();
        }
      });
      assertThat(theirs.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(elected.await(30, TimeUnit.SECONDS)).isTrue();
      server.restart();
      await().atMost(LONG).until(theirs::hasLeadership);
      try (LiveValue<Optional<Leader>> leader = election.follow().awaitReady(LONG)) {
        await()
            .atMost(LONG)
            .until(() -> leader.current().map(Leader::label).equals(Optional.of("n1")));
      }
      ours.close();
    }
  }
}
