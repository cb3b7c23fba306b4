package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.config.gray.Instance;
import io.zookit.core.LiveValue;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Readers behind connections that break and a server that restarts, while release follows release. */
@Tag("full")
class ReadersIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final int READERS = Scale.of(4, 6);
  private static final int RELEASES = Scale.of(120, 2000);
  private static final int RESTARTS = Scale.of(1, 5);
  private static final int FAULTS = Scale.of(6, 60);
  private static final Duration HEALED = Duration.ofSeconds(Scale.of(20, 5));
  private static final Duration SESSION = Duration.ofSeconds(4);

  private final List<String> wrong = new CopyOnWriteArrayList<>();
  private final AtomicInteger tornByControl = new AtomicInteger();
  private final List<FaultProxy> proxies = new ArrayList<>();
  private final List<LiveValue<ConfigSnapshot>> readers = new ArrayList<>();
  private int landed;

  @Test
  void readers_whileConnectionsBreakAndTheServerRestarts_areNeverTornNeverBackAndCatchUp()
      throws Exception {
    long seed = Long.getLong("zookit.seed", 42);
    try (ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot())) {
      FaultProxy before = world.proxy();
      ConfigStore publisher = ConfigStore.in(world.client(before.connectString(), SESSION));
      publisher.publish(LIMITS, numbers(0), ANA);
      for (int i = 0; i < READERS; i++) {
        addReader(world, "r" + i);
      }
      publishAll(publisher, before, new Random(seed));
      awaitAll(RELEASES);
      assertThat(wrong).as("seed %s", seed).isEmpty();
      assertThat(landed).as("void: faults that landed").isGreaterThanOrEqualTo(FAULTS);
      assertThat(tornByControl.get()).as("void: what reads twice is torn").isPositive();
      assertThat(publisher.history(LIMITS).verify().problems()).isEmpty();
      assertThat(publisher.state(LIMITS).orElseThrow().lastRelease()).isEqualTo(RELEASES + 1);
      awaitAcks(publisher);
    }
  }

  private void publishAll(ConfigStore publisher, FaultProxy before, Random random)
      throws Exception {
    for (int n = 1; n <= RELEASES; n++) {
      if (n % (RELEASES / FAULTS) == 0) {
        landed += cutOne(proxies.get(random.nextInt(READERS)));
      }
      if (n % (RELEASES / FAULTS) == 1) {
        before.cutAfter(Op.MULTI, 1);
      }
      if (n % (RELEASES / (RESTARTS + 1)) == 0 && n < RELEASES) {
        zooKeeper.server().restart();
      }
      assertThat(publisher.publish(LIMITS, numbers(n), ANA).number()).isEqualTo(n + 1);
    }
  }

  /** A reader that is not connected cannot be cut: waits for it. */
  private static int cutOne(FaultProxy proxy) {
    AtomicInteger cut = new AtomicInteger();
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(ConfigWorld.LONG)
        .until(() -> cut.addAndGet(proxy.cut()) > 0);
    return cut.get();
  }

  private void addReader(ConfigWorld world, String name) {
    FaultProxy proxy = world.proxy();
    proxies.add(proxy);
    ConfigStore store = ConfigStore.builder(world.client(proxy.connectString(), SESSION))
        .instance(Instance.named(name))
        .build();
    LiveValue<ConfigSnapshot> live = store.follow(LIMITS);
    readers.add(live);
    watch(name, live);
  }

  /** The control takes one key of the snapshot before and the other of this one. */
  private void watch(String name, LiveValue<ConfigSnapshot> live) {
    AtomicInteger last = new AtomicInteger();
    live.subscribe(snapshot -> {
      int a = number(snapshot, "a");
      int b = number(snapshot, "b");
      int lastA = last.getAndSet(a);
      if (a != b || lastA > a) {
        wrong.add(name + ": " + lastA + " then a=" + a + " b=" + b);
      }
      if (lastA != b) {
        tornByControl.incrementAndGet();
      }
    });
  }

  private void awaitAll(int last) {
    long start = System.nanoTime();
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(HEALED)
        .until(() -> readers.stream()
            .allMatch(
                live -> live.latest().filter(each -> number(each, "a") == last).isPresent()));
    System.out.printf(
        "readers=%d releases=%d faults=%d control-torn=%d wrong=%d final-release-ms=%d%n",
        READERS,
        RELEASES,
        landed,
        tornByControl.get(),
        wrong.size(),
        (System.nanoTime() - start) / 1_000_000);
  }

  private static void awaitAcks(ConfigStore publisher) {
    ConfigWorld.soon()
        .until(() -> publisher.instances(LIMITS).stream()
                .filter(ack -> ack.release() == RELEASES + 1)
                .filter(ack -> ack.status() == InstanceReleaseStatus.Status.APPLIED)
                .count()
            == READERS);
  }

  private static int number(ConfigSnapshot snapshot, String key) {
    return Integer.parseInt(snapshot.get(key).orElseThrow());
  }
}
