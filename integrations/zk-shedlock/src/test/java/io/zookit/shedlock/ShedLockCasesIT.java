package io.zookit.shedlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.javacrumbs.shedlock.core.ExtensibleLockProvider;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.SimpleLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The cases that ShedLock tests each extensible provider with, for locks that expire. */
@Tag("full")
class ShedLockCasesIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  static final String JOB = "job";
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration TEN = Duration.ofSeconds(10);
  private static final Duration NINE = Duration.ofSeconds(9);
  private static final int WORKERS = 8;
  private static final int ROUNDS = 30;

  private final String root = zooKeeper.freshRoot();
  private ZkClient client;
  private ZkClient other;

  @BeforeEach
  void connect() {
    client = ZkClient.builder(zooKeeper.connectString()).root(root).connect();
    other = ZkClient.builder(zooKeeper.connectString()).root(root).connect();
  }

  @AfterEach
  void close() {
    client.close();
    other.close();
  }

  ZkClient client() {
    return client;
  }

  ExtensibleLockProvider provider() {
    return ZookitLockProvider.in(client).withExpiry();
  }

  Optional<SimpleLock> lock(String name, Duration atMost, Duration atLeast) {
    return provider().lock(new LockConfiguration(Instant.now(), name, atMost, atLeast));
  }

  private SimpleLock granted(Duration atMost, Duration atLeast) {
    return lock(JOB, atMost, atLeast).orElseThrow();
  }

  private Optional<SimpleLock> lockElsewhere() {
    return ZookitLockProvider.in(other)
        .lock(new LockConfiguration(Instant.now(), JOB, LONG, Duration.ZERO));
  }

  /** A release is sent behind the call. */
  void assertUnlocked() {
    await().until(() -> {
      Optional<SimpleLock> lock = lockElsewhere();
      lock.ifPresent(SimpleLock::unlock);
      return lock.isPresent();
    });
    await().until(() -> lock(JOB, LONG, Duration.ZERO).map(this::unlocked).orElse(false));
  }

  private boolean unlocked(SimpleLock lock) {
    lock.unlock();
    return true;
  }

  void assertLocked() {
    assertThat(lockElsewhere()).isEmpty();
  }

  static void pass(Duration time) {
    await().pollDelay(time).until(() -> true);
  }

  @Test
  void lock_free_isLockedUntilUnlock() {
    SimpleLock lock = granted(LONG, Duration.ZERO);
    assertLocked();
    lock.unlock();
    assertUnlocked();
  }

  @Test
  void lock_locked_isNotGrantedAgain() {
    SimpleLock lock = granted(LONG, Duration.ZERO);
    assertThat(lock(JOB, LONG, Duration.ZERO)).isEmpty();
    lock.unlock();
  }

  @Test
  void lock_anotherName_isIndependent() {
    SimpleLock one = granted(LONG, Duration.ZERO);
    SimpleLock two = lock("another", LONG, Duration.ZERO).orElseThrow();
    one.unlock();
    two.unlock();
  }

  @Test
  void lock_directlyAfterUnlock_isGranted() {
    for (int i = 0; i < 10; i++) {
      SimpleLock lock = granted(LONG, Duration.ZERO);
      assertThat(lock(JOB, LONG, Duration.ZERO)).isEmpty();
      lock.unlock();
    }
  }

  @Test
  void lockAtMost_overdue() {
    granted(Duration.ofMillis(50), Duration.ZERO);
    assertUnlocked();
  }

  @Test
  void lockAtLeast_unlockedBefore_staysLocked() {
    granted(TEN, Duration.ofSeconds(2)).unlock();
    assertLocked();
    assertUnlocked();
  }

  @Test
  void lock_manyWorkers_neverTwoAtATime() throws Exception {
    ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
    int[] counts = new int[2];
    List<Future<?>> ends = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      int counter = i % 2;
      ends.add(workers.submit(() -> count(counts, counter)));
    }
    for (Future<?> end : ends) {
      end.get();
    }
    workers.shutdown();
    assertThat(counts).containsExactly(WORKERS / 2 * ROUNDS, WORKERS / 2 * ROUNDS);
  }

  private void count(int[] counts, int counter) {
    int done = 0;
    while (done < ROUNDS) {
      Optional<SimpleLock> lock = lock("count-" + counter, LONG, Duration.ofMillis(5));
      if (lock.isPresent()) {
        int before = counts[counter];
        Thread.onSpinWait();
        counts[counter] = before + 1;
        lock.get().unlock();
        done++;
      }
    }
  }

  @Test
  void extend_held_outlastsTheFirstDuration() {
    SimpleLock lock = granted(Duration.ofSeconds(1), Duration.ZERO);
    assertLocked();
    SimpleLock extended = lock.extend(TEN, Duration.ZERO).orElseThrow();
    pass(Duration.ofMillis(1_100));
    assertLocked();
    extended.unlock();
    assertUnlocked();
  }

  @Test
  void extend_overdue() {
    SimpleLock lock = granted(Duration.ofMillis(1), Duration.ZERO);
    pass(Duration.ofMillis(2));
    assertThat(lock.extend(TEN, Duration.ZERO)).isEmpty();
    assertUnlocked();
  }

  @Test
  void extend_atLeast_staysLockedAfterUnlock() {
    granted(TEN, Duration.ZERO).extend(TEN, NINE).orElseThrow().unlock();
    assertLocked();
  }

  @Test
  void extend_unlocked_isRefused() {
    SimpleLock lock = granted(LONG, Duration.ZERO);
    lock.unlock();
    assertThatThrownBy(() -> lock.extend(TEN, Duration.ZERO))
        .isInstanceOf(IllegalStateException.class);
    assertUnlocked();
  }

  @Test
  void use_extended_isRefused() {
    SimpleLock lock = granted(TEN, Duration.ZERO);
    assertThat(lock.extend(TEN, NINE)).isPresent();
    assertThatThrownBy(() -> lock.extend(TEN, NINE)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(lock::unlock).isInstanceOf(IllegalStateException.class);
  }
}
