package io.zookit.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.shared.SharedCount;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SharedValueIT {

  /** Strictness of a limit. */
  enum Mode {
    STRICT,
    LENIENT
  }

  /** A value with some of the types that can be stored. */
  record Limits(int perSecond, Mode mode, List<Duration> pauses) {}

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final IdWorld world = new IdWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private final ZkClient one = world.client("one");
  private final ZkClient two = world.client("two");

  private static SharedValue<Limits> limits(ZkClient client) {
    return SharedValue.named("limits", Limits.class, client).timeout(IdWorld.LONG);
  }

  private static Limits more(Limits before) {
    return new Limits(before.perSecond() + 1, before.mode(), before.pauses());
  }

  @Test
  void update_twoProcesses_losesNoChange() throws Exception {
    Limits first = new Limits(0, Mode.STRICT, List.of(Duration.ofSeconds(3)));
    try (LiveValue<Limits> live = limits(two).follow()) {
      assertThat(limits(one).read()).isEmpty();
      limits(one).set(first);
      for (int i = 0; i < 20; i++) {
        limits(i % 2 == 0 ? one : two).update(before -> more(before.orElseThrow()));
      }

      Limits last = new Limits(20, Mode.STRICT, first.pauses());
      assertThat(limits(two).read()).contains(last);
      await()
          .atMost(IdWorld.LONG)
          .until(() -> live.latest().filter(last::equals).isPresent());
    }
    assertThatThrownBy(() -> Counter.named("limits", two).timeout(IdWorld.LONG).sum())
        .isInstanceOf(IdMismatchException.class)
        .hasMessage("ids limits: kind value (expected: counter)");
  }

  @Test
  @Tag("full")
  void update_answersLost_happensOnce() throws Exception {
    FaultProxy proxy = world.proxy();
    SharedValue<Limits> mine = limits(world.client("faulty", proxy));
    mine.set(new Limits(0, Mode.LENIENT, List.of()));
    for (int i = 1; i <= 5; i++) {
      Limits before = mine.read().orElseThrow();
      Fault lost = proxy.cutAfter(Op.MULTI, 1);

      mine.update(any -> more(before));

      assertThat(lost.landed()).isTrue();
      assertThat(limits(two).read().orElseThrow().perSecond()).isEqualTo(i);
    }
  }

  @Test
  @Tag("full")
  void trySetCount_ofCuratorWithALostAnswer_saysFalseAndIsStored() throws Exception {
    FaultProxy proxy = world.proxy();
    CuratorFramework curator = world.curator(proxy);
    try (SharedCount control = new SharedCount(curator, "/shared" + System.nanoTime(), 0)) {
      control.start();
      Fault lost = proxy.cutAfter(Op.SET_DATA, 1);

      boolean changed = control.trySetCount(control.getVersionedValue(), 7);

      assertThat(lost.landed()).isTrue();
      assertThat(changed).isFalse();
      await().atMost(IdWorld.LONG).until(() -> control.getCount() == 7);
    }
  }

  @Test
  @Tag("full")
  void update_incarnationRaised_isRefusedUntilTheNameIsRaised() throws Exception {
    SharedValue<Limits> mine = limits(one);
    Limits first = new Limits(1, Mode.STRICT, List.of());
    mine.set(first);
    one.raiseIncarnation(1);

    assertThatThrownBy(() -> mine.set(more(first))).isInstanceOf(IdBlockedException.class);

    IdInspector.in(one).raise("limits", 0);
    assertThat(mine.read()).contains(first);
    assertThat(mine.update(before -> more(before.orElseThrow())).perSecond()).isEqualTo(2);
  }
}
