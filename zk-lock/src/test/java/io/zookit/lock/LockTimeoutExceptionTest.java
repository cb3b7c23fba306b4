package io.zookit.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.lock.LockTimeoutException.WaitedFor;
import io.zookit.lock.internal.store.OwnerRecord;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LockTimeoutExceptionTest {

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
}
