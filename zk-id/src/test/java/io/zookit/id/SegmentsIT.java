package io.zookit.id;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("full")
class SegmentsIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final IdWorld world = new IdWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private final ZkClient one = world.client("one");
  private final ZkClient two = world.client("two");

  private static Segments segments(ZkClient client) {
    return Segments.named("order-no", client).timeout(IdWorld.LONG);
  }

  @Test
  void next_twoProcesses_takesSegmentsApart() throws Exception {
    Segments mine = segments(one).createFrom(1, 1_000);
    Segments theirs = segments(two).createFrom(1, 50);

    assertThat(mine.next()).isEqualTo(1);
    assertThat(theirs.next()).isEqualTo(1_001);
    assertThat(mine.next()).isEqualTo(2);
    assertThat(segments(one).nextAsync().get(60, TimeUnit.SECONDS)).isEqualTo(3);
  }

  @Test
  void next_manyThreads_increasesInEachAndRepeatsNone() throws Exception {
    segments(one).createFrom(1, 7);
    ConcurrentLinkedQueue<Long> all = new ConcurrentLinkedQueue<>();
    ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Segments mine = segments(i % 2 == 0 ? one : two);
      Thread thread = new Thread(() -> {
        try {
          long before = 0;
          for (int n = 0; n < 2_000; n++) {
            long number = mine.next();
            assertThat(number).isGreaterThan(before);
            before = number;
            all.add(number);
          }
        } catch (Throwable e) {
          failures.add(e);
        }
      });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join(60_000);
    }

    assertThat(failures).isEmpty();
    assertThat(all).hasSize(16_000);
    assertThat(new HashSet<>(all)).hasSize(16_000);
  }

  @Test
  void next_outage_handsOutWhatIsLeftAndThenRefuses() throws Exception {
    FaultProxy proxy = world.proxy();
    Segments mine = segments(world.client("cut", proxy)).createFrom(1, 100);
    assertThat(mine.next()).isEqualTo(1);
    proxy.refuse();
    proxy.cut();

    Set<Long> numbers = new HashSet<>();
    for (int i = 0; i < 99; i++) {
      numbers.add(mine.next());
    }
    assertThat(numbers).hasSize(99).doesNotContain(1L);
    assertThatThrownBy(() -> mine.timeout(Duration.ofMillis(200)).next())
        .isInstanceOf(IdUnavailableException.class);

    proxy.heal();
    long after = mine.next();
    assertThat(after).isGreaterThan(100);
  }

  @Test
  void next_segmentOfAThousand_costsOneTransaction() throws Exception {
    FaultProxy proxy = world.proxy();
    Segments counted = segments(world.client("counted", proxy)).createFrom(1, 1_000);
    counted.next();
    proxy.resetCounters();

    for (int i = 0; i < 499; i++) {
      counted.next();
    }

    assertThat(proxy.requests(Op.MULTI)).isZero();
  }

  @Test
  void resize_whileSegmentsAreInUse_countsForAllFromThenOn() throws Exception {
    Segments mine = segments(one).createFrom(1, 10);
    assertThat(mine.next()).isEqualTo(1);

    IdReport resized = IdInspector.in(two).resize("order-no", 500);

    assertThat(resized.size()).isEqualTo(500);
    assertThat(resized.next()).hasValue(11);
    assertThat(segments(two).next()).isEqualTo(11);
    for (int i = 2; i <= 10; i++) {
      assertThat(mine.next()).isEqualTo(i);
    }
    assertThat(mine.next()).isGreaterThan(510);
  }

  @Test
  void resize_ofASequence_isRefused() throws Exception {
    Sequence.named("invoice", one).createFrom(1);

    assertThatThrownBy(() -> IdInspector.in(one).resize("invoice", 10))
        .isInstanceOf(IdMismatchException.class)
        .hasMessageContaining("kind sequence (expected: segments)");
  }

  @Test
  void list_severalNames_showsThemInOrder() throws Exception {
    assertThat(IdInspector.in(one).list()).isEmpty();
    segments(one).createFrom(1, 10);
    Sequence.named("invoice", one).createFrom(5);
    world.operate(admin -> admin.setData(world.path("order-no"), "damaged".getBytes(UTF_8), -1));

    assertThat(IdInspector.in(two).list()).singleElement().satisfies(report -> {
      assertThat(report.name()).isEqualTo("invoice");
      assertThat(report.kind()).isEqualTo("sequence");
      assertThat(report.next()).hasValue(5);
    });
    assertThatThrownBy(() -> segments(two).next())
        .isInstanceOf(ZkException.class)
        .hasMessageContaining("is not the record of a name");
  }

  @Test
  void next_blockedWhileNumbersAreBuffered_dropsThem() throws Exception {
    Segments mine = segments(one).createFrom(1, 10);
    assertThat(mine.next()).isEqualTo(1);
    long incarnation = two.raiseIncarnation(1);
    IdInspector.in(two).raise("order-no", 2_000);
    one.awaitConnected(IdWorld.LONG);
    while (one.incarnation() < incarnation) {
      Thread.onSpinWait();
    }

    assertThat(mine.next()).isEqualTo(2_000);
  }
}
