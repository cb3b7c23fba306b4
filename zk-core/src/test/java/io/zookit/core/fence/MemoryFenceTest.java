package io.zookit.core.fence;

import static io.zookit.core.fence.FenceMode.EXCLUSIVE;
import static io.zookit.core.fence.FenceMode.SHARED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.zookit.core.FencingToken;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MemoryFenceTest {

  private static final FencingToken T1 = new FencingToken(1, 1, 0);
  private static final FencingToken T2 = new FencingToken(1, 2, 0);

  private final MemoryFence fence = new MemoryFence();

  /** Not atomic on purpose: only the fence keeps two threads apart. */
  private int counter;

  @Test
  void guard_newerHolder_returnsTheActionsValue() {
    assertThat(fence.guard("stock", T1, EXCLUSIVE, () -> "first")).isEqualTo("first");
    assertThat(fence.guard("stock", T2, EXCLUSIVE, () -> "second")).isEqualTo("second");
  }

  @Test
  void guard_olderHolder_isRefusedAndDoesNotRun() {
    fence.admit("stock", T2, EXCLUSIVE);

    assertThatExceptionOfType(StaleTokenException.class)
        .isThrownBy(() -> fence.guard("stock", T1, SHARED, () -> counter++))
        .withMessageContaining("fence stock: SHARED token " + T1 + " is stale (last write " + T2)
        .satisfies(refusal -> {
          assertThat(refusal.resource()).isEqualTo("stock");
          assertThat(refusal.token()).isEqualTo(T1);
          assertThat(refusal.mark().lastWrite()).isEqualTo(T2);
        });
    assertThat(counter).isZero();
  }

  @Test
  void guard_actionThrows_holderStaysAdmitted() {
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> fence.guard("stock", T2, EXCLUSIVE, () -> {
          throw new IllegalStateException("in the action");
        }));

    assertThatExceptionOfType(StaleTokenException.class)
        .isThrownBy(() -> fence.admit("stock", T1, EXCLUSIVE));
    assertThat(fence.guard("stock", T2, EXCLUSIVE, () -> 7)).isEqualTo(7);
  }

  @Test
  void guard_otherResource_hasItsOwnMark() {
    fence.admit("stock", T2, EXCLUSIVE);

    fence.admit("prices", T1, EXCLUSIVE);
  }

  @Test
  void guard_manyThreads_onlyOneActionAtATime() throws Exception {
    AtomicLong zxid = new AtomicLong();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Integer>> counts = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        counts.add(threads.submit(() -> countAdmitted(zxid)));
      }
      int admitted = 0;
      for (Future<Integer> count : counts) {
        admitted += count.get();
      }
      assertThat(counter).isEqualTo(admitted).isPositive();
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void admit_resourceOutsideItsBounds_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fence.admit("", T1, SHARED))
        .withMessage("resource: 0 characters (expected: 1 to 512, not blank)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fence.admit("x".repeat(513), T1, SHARED))
        .withMessage("resource: 513 characters (expected: 1 to 512, not blank)");
    assertThatIllegalArgumentException().isThrownBy(() -> fence.admit("a\u0000b", T1, SHARED));
    fence.admit("x".repeat(512), T1, SHARED);
  }

  private int countAdmitted(AtomicLong zxid) {
    int admitted = 0;
    for (int i = 0; i < 20_000; i++) {
      try {
        fence.guard(
            "stock", new FencingToken(1, zxid.incrementAndGet(), 0), EXCLUSIVE, () -> counter++);
        admitted++;
      } catch (StaleTokenException e) {
        assertThat(e.mark().lastWrite().isAfter(e.token())).isTrue();
      }
    }
    return admitted;
  }
}
