package io.zookit.shedlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.lock.inspect.LockInspector;
import io.zookit.testkit.ManualTimekeeper;
import io.zookit.testkit.ZkServer;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import net.javacrumbs.shedlock.core.DefaultLockingTaskExecutor;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.SimpleLock;
import net.javacrumbs.shedlock.support.LockException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ZookitLockProviderIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final String root = zooKeeper.freshRoot();
  private ZkClient one;
  private ZkClient two;

  @BeforeEach
  void connect() {
    one = ZkClient.builder(zooKeeper.connectString()).root(root).connect();
    two = ZkClient.builder(zooKeeper.connectString()).root(root).connect();
  }

  @AfterEach
  void close() {
    one.close();
    two.close();
  }

  private static LockConfiguration job(Duration atMost, Duration atLeast) {
    return new LockConfiguration(Instant.now(), "job", atMost, atLeast);
  }

  private static LockConfiguration job() {
    return job(Duration.ofMinutes(5), Duration.ZERO);
  }

  @Test
  void lock_free_isExclusiveUntilUnlocked() {
    zooKeeper.checkLeaks();
    SimpleLock lock = ZookitLockProvider.in(one).lock(job()).orElseThrow();
    assertThat(ZookitLockProvider.in(two).lock(job())).isEmpty();
    lock.unlock();
    await().until(() -> ZookitLockProvider.in(two).lock(job()).isPresent());
    close();
  }

  @Test
  void execute_locked_runsNothing() {
    List<String> ran = new CopyOnWriteArrayList<>();
    DefaultLockingTaskExecutor executor =
        new DefaultLockingTaskExecutor(ZookitLockProvider.in(two));
    SimpleLock held = ZookitLockProvider.in(one).lock(job()).orElseThrow();
    executor.executeWithLock((Runnable) () -> ran.add("while it is locked"), job());
    assertThat(ran).isEmpty();

    held.unlock();

    await().until(() -> {
      executor.executeWithLock((Runnable) () -> ran.add("run"), job());
      return !ran.isEmpty();
    });
  }

  /** ShedLock's providers with a clock of their own let the next task start as soon as the session ends. */
  @Test
  @Tag("full")
  void lockAtLeast_processEnds_isHeldByTheServersClock() {
    assertThat(ZookitLockProvider.in(one).lock(job(Duration.ofHours(2), Duration.ofHours(1))))
        .isPresent();

    one.close();

    ManualTimekeeper ahead = new ManualTimekeeper();
    ahead.advance(Duration.ofDays(365 * 100));
    try (ZkClient wrongClock =
        ZkClient.builder(zooKeeper.connectString()).root(root).timekeeper(ahead).connect()) {
      assertThat(ZookitLockProvider.in(wrongClock).lock(job())).isEmpty();
    }
    assertThat(ZookitLockProvider.in(two).lock(job())).isEmpty();
    assertThatThrownBy(() -> LockInspector.in(two).show("shedlock/job"))
        .as("nobody is left in the queue")
        .hasMessageContaining("shedlock/job");
  }

  @Test
  @Tag("full")
  void lock_longTask_endsWithItsSessionOnly() {
    assertThat(ZookitLockProvider.in(one).lock(job(Duration.ofMillis(1), Duration.ZERO)))
        .isPresent();
    Instant later = Instant.now().plusMillis(300);
    await()
        .during(Duration.ofMillis(300))
        .until(() -> ZookitLockProvider.in(two).lock(job()).isEmpty());
    assertThat(Instant.now()).isAfterOrEqualTo(later);

    one.close();

    await().until(() -> ZookitLockProvider.in(two).lock(job()).isPresent());
  }

  @Test
  @Tag("full")
  void unlock_afterTheLockWasLost_leavesTheNextOwnersLock() throws Exception {
    SimpleLock late = ZookitLockProvider.in(one).lock(job()).orElseThrow();
    LockInspector.in(two).breakLock("shedlock/job");
    await().until(() -> ZookitLockProvider.in(two).lock(job()).isPresent());

    late.unlock();

    try (ZkClient third = ZkClient.builder(zooKeeper.connectString()).root(root).connect()) {
      assertThat(ZookitLockProvider.in(third).lock(job())).isEmpty();
    }
    assertThat(LockInspector.in(two).show("shedlock/job").entries()).hasSize(1);
  }

  @Test
  @Tag("full")
  void lock_unreachable_throwsAndRunsNothing() {
    try (ZkServer server = ZkServer.start();
        ZkClient client = ZkClient.builder(server.connectString()).connect()) {
      server.stop();
      assertThatThrownBy(() -> ZookitLockProvider.in(client).lock(job()))
          .isInstanceOf(LockException.class)
          .hasMessageContaining("shedlock/job");
    }
  }

  @Test
  @Tag("full")
  void lock_nameThatIsNone_isRefused() {
    LockConfiguration spaces =
        new LockConfiguration(Instant.now(), "my job", Duration.ofMinutes(1), Duration.ZERO);
    assertThatThrownBy(() -> ZookitLockProvider.in(one).lock(spaces))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("my job");
  }
}
