package io.zookit.shedlock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import net.javacrumbs.shedlock.core.ExtensibleLockProvider;
import net.javacrumbs.shedlock.core.SimpleLock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same cases for locks that last as long as their task: the two about expiry show that it does not end them. */
@Tag("full")
class ShedLockSessionCasesIT extends ShedLockCasesIT {

  @Override
  ExtensibleLockProvider provider() {
    return ZookitLockProvider.in(client());
  }

  private SimpleLock overdue() {
    SimpleLock lock = lock(JOB, Duration.ofMillis(1), Duration.ZERO).orElseThrow();
    pass(Duration.ofMillis(50));
    return lock;
  }

  @Test
  @Override
  void lockAtMost_overdue() {
    SimpleLock lock = overdue();
    assertLocked();
    lock.unlock();
    assertUnlocked();
  }

  @Test
  @Override
  void extend_overdue() {
    Optional<SimpleLock> extended = overdue().extend(Duration.ofSeconds(10), Duration.ZERO);
    assertThat(extended).isPresent();
    assertLocked();
    extended.get().unlock();
    assertUnlocked();
  }
}
