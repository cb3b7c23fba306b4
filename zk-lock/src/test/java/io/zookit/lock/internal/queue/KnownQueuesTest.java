package io.zookit.lock.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.lock.internal.queue.KnownQueues.Experience;
import org.junit.jupiter.api.Test;

/** Memory of a process about queues. */
class KnownQueuesTest {

  private static final ZkPath QUEUE = new ZkPath("/zk/locks/a/~q");

  private final KnownQueues known = new KnownQueues();

  @Test
  void of_neverSeen_isNone() {
    assertThat(known.of(QUEUE)).isEqualTo(Experience.NONE);
  }

  @Test
  void onSeen_afterItMayNotBeWritten_staysSo() {
    known.onNotWritable(QUEUE);
    known.onSeen(QUEUE, true);
    assertThat(known.of(QUEUE)).isEqualTo(Experience.NOT_WRITABLE);
  }

  @Test
  void isHeldForLessThan_neverHeld_isFalse() {
    known.onSeen(QUEUE, true);
    assertThat(known.isHeldForLessThan(Long.MAX_VALUE, QUEUE)).isFalse();
  }

  @Test
  void isHeldForLessThan_holdsChange_followsTheLastOnes() {
    known.onSeen(QUEUE, false);
    known.onHeld(QUEUE, 100);
    assertThat(known.isHeldForLessThan(1_000, QUEUE)).isTrue();
    assertThat(known.isHeldForLessThan(100, QUEUE)).isFalse();
    for (int i = 0; i < 10; i++) {
      known.onHeld(QUEUE, 5_000);
    }
    assertThat(known.isHeldForLessThan(1_000, QUEUE)).isFalse();
    assertThat(known.of(QUEUE)).isEqualTo(Experience.WITH_OTHERS);
  }

  @Test
  void onMissing_seenBefore_forgetsItsHolds() {
    known.onSeen(QUEUE, true);
    known.onHeld(QUEUE, 1);
    known.onMissing(QUEUE);
    assertThat(known.of(QUEUE)).isEqualTo(Experience.NONE);
    assertThat(known.isHeldForLessThan(1_000, QUEUE)).isFalse();
  }

  @Test
  void onHeld_unknownQueue_isNotRemembered() {
    known.onHeld(QUEUE, 1);
    assertThat(known.isHeldForLessThan(1_000, QUEUE)).isFalse();
  }
}
