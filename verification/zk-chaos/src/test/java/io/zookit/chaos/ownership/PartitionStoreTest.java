package io.zookit.chaos.ownership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.zookit.core.FencingToken;
import io.zookit.core.Timekeeper;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class PartitionStoreTest {

  private static final FencingToken OLD = new FencingToken(1, 10, 0);
  private static final FencingToken NEW = new FencingToken(1, 20, 0);
  private static final String ANA = "ana.1";
  private static final String BEN = "ben.1";

  private PartitionStore store;

  @BeforeEach
  void open() throws IOException {
    store = PartitionStore.start(2);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static long now() {
    return Timekeeper.system().nanos();
  }

  @Test
  void write_olderOwnerAfterNewerOne_isRefusedAndNoViolation() throws IOException {
    try (PartitionStoreClient ana = new PartitionStoreClient(ANA, store.port());
        PartitionStoreClient ben = new PartitionStoreClient(BEN, store.port())) {
      long begin = now();
      assertThat(ana.write(0, OLD, begin, true)).isTrue();
      assertThat(ben.write(0, NEW, now(), true)).isTrue();
      assertThat(ana.write(0, OLD, begin, true))
          .as("valid before the newer owner wrote")
          .isFalse();

      assertThat(store.refused()).isEqualTo(1);
      assertThat(store.accepted()).isEqualTo(2);
      assertThat(store.believed()).isZero();
      assertThat(store.events().found()).isZero();
      assertThat(store.changesSince(begin))
          .extracting(PartitionStore.OwnerChange::from, PartitionStore.OwnerChange::to)
          .containsExactly(tuple("", ANA), tuple(ANA, BEN));
      assertThat(store.loads()).containsExactly(Map.entry(BEN, 1));
      assertThat(store.unwrittenSince(begin)).containsExactly(1);
    }
  }

  @Test
  void write_validAfterNewerOwnerWrote_isCountedAsBelief() {
    store.write(BEN, 0, NEW, now(), true);

    store.write(ANA, 0, OLD, now(), false);
    assertThat(store.believed()).isZero();
    store.write(ANA, 0, OLD, now(), true);
    assertThat(store.believed()).isEqualTo(1);
  }

  @Test
  void write_twoProcessesWithOneToken_isAViolation() {
    store.write(ANA, 0, OLD, now(), true);
    store.write(BEN, 1, OLD, now(), true);
    assertThat(store.events().found()).as("of different partitions").isZero();

    store.write(BEN, 0, OLD, now(), true);

    assertThat(store.events().found()).isEqualTo(1);
    assertThat(store.events().findings().get(0)).contains("two processes with one token");
  }

  @Test
  void control_twoProcessesInTurn_areOwnersAtOnce() {
    long millis = 1_000_000;
    store.control(ANA, 0, 0);
    store.control(BEN, 0, 100 * millis);
    store.control(BEN, 0, 200 * millis);
    store.control(ANA, 0, 300 * millis);
    assertThat(store.controlTwice()).as("moved and moved back").isZero();
    store.control(BEN, 0, 400 * millis);
    assertThat(store.controlTwice()).isEqualTo(1);
    store.control(ANA, 0, 2_000 * millis);
    assertThat(store.controlTwice()).as("after a while").isEqualTo(1);
  }
}
