package io.zookit.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.zookit.core.EphemeralBudgetException;
import io.zookit.core.internal.node.EphemeralBudget.Reservation;
import io.zookit.core.internal.path.ZkPath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EphemeralBudgetTest {

  private static final ZkPath SIX = ZkPath.absolute("/abcde");

  @Test
  void reserve_upToTheLimit_takesPathAndLengthPrefix() {
    EphemeralBudget budget = new EphemeralBudget(20);
    budget.reserve(SIX);
    budget.reserve(SIX);

    assertThat(budget.used()).isEqualTo(20);
  }

  @Test
  void reserve_beyondTheLimit_isRefusedWithTheNumbersAndTakesNothing() {
    EphemeralBudget budget = new EphemeralBudget(19);
    budget.reserve(SIX);

    assertThatExceptionOfType(EphemeralBudgetException.class)
        .isThrownBy(() -> budget.reserve(SIX))
        .withMessage("ephemeral /abcde: needs 10 bytes, 10 of 19 are used by this session");
    assertThat(budget.used()).isEqualTo(10);
  }

  @Test
  void reserve_textOutsideAscii_countsBytes() {
    EphemeralBudget budget = new EphemeralBudget();
    budget.reserve(new ZkPath("/\u00e9"));

    assertThat(budget.used()).isEqualTo(7);
  }

  @Test
  void close_twice_givesBackOnce() {
    EphemeralBudget budget = new EphemeralBudget();
    Reservation first = budget.reserve(SIX);
    budget.reserve(SIX);
    first.close();
    first.close();

    assertThat(budget.used()).isEqualTo(10);
  }

  @Test
  void standard_holdsWhatAServerCanStillReadBack() {
    EphemeralBudget budget = new EphemeralBudget();
    ZkPath path = ZkPath.absolute("/" + "x".repeat(59));
    int nodes = 0;
    try {
      while (true) {
        budget.reserve(path);
        nodes++;
      }
    } catch (EphemeralBudgetException e) {
      assertThat(nodes).isEqualTo(768 * 1024 / 64);
    }
  }

  @Test
  void reserve_manyThreads_neverPassesTheLimitAndReturnsToZero() throws Exception {
    EphemeralBudget budget = new EphemeralBudget(50);
    AtomicInteger held = new AtomicInteger();
    Callable<Integer> worker = () -> {
      int most = 0;
      for (int i = 0; i < 20_000; i++) {
        try (Reservation room = budget.reserve(SIX)) {
          most = Math.max(most, held.incrementAndGet());
          held.decrementAndGet();
        } catch (EphemeralBudgetException e) {
          most = Math.max(most, 0);
        }
      }
      return most;
    };
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Integer> most = new ArrayList<>();
      for (Future<Integer> done : threads.invokeAll(Collections.nCopies(8, worker))) {
        most.add(done.get());
      }
      assertThat(Collections.max(most)).isBetween(1, 5);
      assertThat(budget.used()).isZero();
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void create_emptyBudget_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new EphemeralBudget(0));
  }
}
