package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.internal.request.BlockingCalls;
import io.zookit.lock.LockTimeoutException.WaitedFor;
import io.zookit.lock.internal.store.OwnerRecord;
import io.zookit.testkit.SimulatedZooKeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LockTimeoutExceptionTest {

  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Instant SINCE = Instant.parse("2026-11-30T09:15:00Z");
  private static final OwnerRecord RECORD = OwnerRecord.of("shop-7", 4711);

  @Test
  void waitedFor_ofANode_isAValueAndAText() {
    WaitedFor ahead =
        OwnerRecord.waitedFor(RECORD.encoded(), SINCE.toEpochMilli()).orElseThrow();
    LockTimeoutException failure = new LockTimeoutException("late, behind " + ahead, ahead);
    assertThat(failure).hasMessage("late, behind shop-7 (pid 4711) since 2026-11-30T09:15:00Z");
    assertThat(failure.waitedFor())
        .contains(new WaitedFor("shop-7", 4711, Optional.empty(), SINCE));
  }

  @Test
  void waitedFor_ofAPartyOrACandidate_namesIt() {
    for (OwnerRecord named :
        new OwnerRecord[] {RECORD.ofParty("checkout"), RECORD.ofLabel("checkout")}) {
      assertThat(OwnerRecord.waitedFor(named.encoded(), SINCE.toEpochMilli()))
          .contains(new WaitedFor("shop-7", 4711, Optional.of("checkout"), SINCE))
          .hasValueSatisfying(ahead -> assertThat(ahead)
              .hasToString("shop-7 (pid 4711, checkout) since 2026-11-30T09:15:00Z"));
    }
  }

  @Test
  void waitedFor_dataThatCannotBeRead_isEmpty() {
    assertThat(OwnerRecord.waitedFor(new byte[] {'{'}, SINCE.toEpochMilli())).isEmpty();
    assertThat(new LockTimeoutException("late").waitedFor()).isEmpty();
  }

  @Test
  void acquire_notGrantedInTime_namesTheOwnerAhead() {
    try (SimulatedZooKeeper zk = SimulatedZooKeeper.seeded(7)) {
      for (DistributedLock lock : List.of(
          DistributedLock.named("plain", zk.client("second")),
          DistributedLock.builder("shared", zk.client("third")).localHandOff(5).build())) {
        zk.await(
            DistributedLock.named(lock.name(), zk.client("first of " + lock.name()))
                .acquireAsync(),
            LONG);
        CompletableFuture<Lease> late = lock.acquireAsync(Duration.ofSeconds(5));
        assertThat(zk.runUntil(late::isDone, LONG)).isTrue();
        assertThatThrownBy(() -> BlockingCalls.await(late))
            .isInstanceOfSatisfying(
                LockTimeoutException.class,
                failure -> assertThat(failure.waitedFor().orElseThrow().owner())
                    .isEqualTo("first of " + lock.name()))
            .hasMessageContaining("the nearest is first of " + lock.name() + " (pid ");
      }
    }
  }
}
