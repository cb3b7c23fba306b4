package io.zookit.id;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CounterIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final IdWorld world = new IdWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private final ZkClient one = world.client("one");
  private final ZkClient two = world.client("two");

  private static Counter counter(ZkClient client) {
    return Counter.named("hits", client).timeout(IdWorld.LONG);
  }

  @Test
  void add_twoProcesses_sumsUpForBoth() throws Exception {
    counter(one).increment();
    counter(two).add(41);
    List<CompletableFuture<Void>> added = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      added.add(counter(i % 2 == 0 ? one : two).addAsync(1));
    }
    for (CompletableFuture<Void> each : added) {
      each.get(60, TimeUnit.SECONDS);
    }

    assertThat(counter(one).sum()).isEqualTo(142);
    assertThat(counter(two).sum()).isEqualTo(142);
    assertThat(IdInspector.in(one).show("hits").kind()).isEqualTo("counter");
    assertThatThrownBy(() -> counter(one).add(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("amount: 0 (expected: 1 or more)");
    assertThatThrownBy(() -> Sequence.named("hits", two).next())
        .isInstanceOf(IdMismatchException.class)
        .hasMessage("ids hits: kind counter (expected: sequence)");
  }

  @Test
  @Tag("full")
  void add_answersLost_countsEachOnce() throws Exception {
    FaultProxy proxy = world.proxy();
    Counter mine = counter(world.client("faulty", proxy));
    mine.increment();
    for (int i = 2; i <= 6; i++) {
      Fault lost = proxy.cutAfter(Op.MULTI, 1);

      mine.increment();

      assertThat(lost.landed()).isTrue();
      assertThat(counter(two).sum()).isEqualTo(i);
    }
  }

  @Test
  @Tag("full")
  void sum_membersHaveEnded_foldsThemIntoTheTotal() throws Exception {
    for (int i = 0; i < 5; i++) {
      try (ZkClient process = world.client("p" + i)) {
        counter(process).add(10);
      }
    }
    counter(one).increment();

    await().atMost(IdWorld.LONG).untilAsserted(() -> {
      assertThat(counter(one).sum()).isEqualTo(51);
      world.operate(admin -> assertThat(
              new String(admin.getData(world.path("hits") + "/~t", false, null), UTF_8))
          .contains("\"total\":50"));
    });
  }

  @Test
  @Tag("full")
  void add_incarnationRaised_isRefusedUntilTheNameIsRaised() throws Exception {
    Counter mine = counter(one);
    mine.add(5);
    one.raiseIncarnation(1);

    assertThatThrownBy(mine::increment).isInstanceOf(IdBlockedException.class);

    IdInspector.in(one).raise("hits", 100);
    mine.increment();
    assertThat(mine.sum()).isEqualTo(101);
  }

  @Test
  @Tag("full")
  void add_totalDeleted_blocksSumsUntilARaiseCreatesIt() throws Exception {
    Counter mine = counter(one);
    mine.add(5);
    world.operate(admin -> admin.delete(world.path("hits") + "/~t", -1));

    assertThatThrownBy(mine::sum)
        .isInstanceOf(IdBlockedException.class)
        .hasMessageContaining("~t does not exist");

    IdInspector.in(two).raise("hits", 7);
    assertThat(mine.sum()).isGreaterThanOrEqualTo(7);
  }
}
