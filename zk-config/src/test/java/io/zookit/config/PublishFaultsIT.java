package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.LONG;
import static io.zookit.config.ConfigWorld.numbers;
import static io.zookit.config.ConfigWorld.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.config.gray.Audience;
import io.zookit.config.gray.Instance;
import io.zookit.config.internal.model.StoreSettings;
import io.zookit.config.internal.upkeep.BlobCollector;
import io.zookit.config.internal.zk.StoreAccess;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Lost requests, lost answers, silence and ended sessions at every step of a change. */
@Tag("full")
class PublishFaultsIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Duration SESSION = Duration.ofSeconds(4);
  private static final int COLD_REQUESTS = 24;
  private static final int WARM_REQUESTS = 10;

  private enum Cut {
    BEFORE,
    AFTER,
    BLACK_HOLE;

    Fault arm(FaultProxy proxy, Op op, int n) {
      return switch (this) {
        case BEFORE -> proxy.cutBefore(op, n);
        case AFTER -> proxy.cutAfter(op, n);
        case BLACK_HOLE -> proxy.blackHole(op, n);
      };
    }
  }

  @Test
  @Tag("full")
  void publish_cutAtEveryRequest_isAppliedOnceAndNeverAConflict() throws Exception {
    List<Callable<Boolean>> cases = new ArrayList<>();
    for (Cut cut : Cut.values()) {
      int step = cut == Cut.BLACK_HOLE ? 4 : 1; // each takes as long as a session
      for (int n = 1; n <= COLD_REQUESTS; n += step) {
        int at = n;
        cases.add(() -> coldPublish(cut, at));
      }
      for (int n = 1; n <= WARM_REQUESTS; n += step) {
        int at = n;
        cases.add(() -> warmPublish(cut, at));
      }
    }
    assertThat(runAll(cases)).filteredOn(landed -> landed).hasSizeGreaterThan(55);
  }

  /** The first publish of all, which creates folders. */
  private static boolean coldPublish(Cut cut, int n) throws Exception {
    try (ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot())) {
      FaultProxy proxy = world.proxy();
      ConfigStore store = ConfigStore.in(world.client(proxy.connectString(), SESSION));
      Fault fault = cut.arm(proxy, Op.ANY, n);
      Release release = store.publish(LIMITS, numbers(1), ANA);
      assertOnce(world, release, 1);
      return fault.landed();
    }
  }

  /** A third release, of a large content now and then. */
  private static boolean warmPublish(Cut cut, int n) throws Exception {
    try (ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot())) {
      world.store().publish(LIMITS, numbers(1), ANA);
      FaultProxy proxy = world.proxy();
      ConfigStore store = ConfigStore.in(world.client(proxy.connectString(), SESSION));
      Fault fault = cut.arm(proxy, Op.ANY, n);
      Content content = n % 3 == 0 ? Content.text(PublishIT.noise(n, 700_000)) : numbers(2);
      Release release = store.publish(LIMITS, content, ANA);
      assertOnce(world, release, 2);
      return fault.landed();
    }
  }

  private static void assertOnce(ConfigWorld world, Release release, int number) throws Exception {
    History history = world.store().history(LIMITS);
    assertThat(release.number()).isEqualTo(number);
    assertThat(history.releases(10)).hasSize(number);
    assertThat(history.verify().problems()).isEmpty();
    assertThat(history.outcome(release.publishId()).orElseThrow().release()).hasValue(number);
  }

  @Test
  void publish_whoseAnswerIsLostWhileOthersGoOn_isNoConflict() throws Exception {
    try (ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot())) {
      ConfigStore other = world.store();
      other.publish(LIMITS, numbers(1), ANA);
      FaultProxy proxy = world.proxy();
      ConfigStore store = ConfigStore.in(world.client(proxy.connectString(), SESSION));
      store.state(LIMITS);
      Fault fault = proxy.cutAfter(Op.MULTI, 1);
      proxy.refuse();
      ExecutorService thread = Executors.newSingleThreadExecutor();
      Future<Release> publishing = thread.submit(() -> store.publish(LIMITS, numbers(2), ANA));
      assertThat(fault.await(LONG)).isTrue();
      soon().until(() -> other.state(LIMITS).orElseThrow().lastRelease() == 2);
      other.publish(LIMITS, numbers(3), ANA);
      other.publish(LIMITS, numbers(4), ANA);
      proxy.heal();

      assertThat(publishing.get(30, TimeUnit.SECONDS).number()).isEqualTo(2);
      assertThat(other.state(LIMITS).orElseThrow().lastRelease()).isEqualTo(4);
      thread.shutdown();
    }
  }

  @Test
  @Tag("full")
  void publish_whoseAnswerNeverComes_saysUnknownAndTheCallerCanFindOut() throws Exception {
    try (ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot())) {
      world.store().publish(LIMITS, numbers(1), ANA);
      FaultProxy proxy = world.proxy();
      ConfigStore store = ConfigStore.builder(world.client(proxy.connectString(), SESSION))
          .timeout(Duration.ofSeconds(1))
          .build();
      store.state(LIMITS);
      proxy.cutAfter(Op.MULTI, 1);
      proxy.refuse();

      ConfigUnknownException unknown = org.assertj.core.api.Assertions.catchThrowableOfType(
          ConfigUnknownException.class, () -> store.publish(LIMITS, numbers(2), ANA));

      assertThat(world
              .store()
              .history(LIMITS)
              .outcome(unknown.publishId())
              .orElseThrow()
              .release())
          .hasValue(2);
    }
  }

  @Test
  void publish_withZooKeeperAway_saysThatNothingWasChanged() throws Exception {
    try (ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot())) {
      FaultProxy proxy = world.proxy();
      ConfigStore store = ConfigStore.builder(world.client(proxy.connectString(), SESSION))
          .timeout(Duration.ofMillis(300))
          .build();
      proxy.refuse();
      proxy.cut();

      assertThatThrownBy(() -> store.publish(LIMITS, numbers(1), ANA))
          .isInstanceOf(io.zookit.core.ZkUnavailableException.class)
          .isNotInstanceOf(ConfigUnknownException.class)
          .hasMessageContaining("nothing was changed");
    }
  }

  @Test
  @Tag("full")
  void gray_andRollback_cutAfterEachTransaction_areAppliedOnce() throws Exception {
    try (ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot())) {
      FaultProxy proxy = world.proxy();
      ConfigStore store = ConfigStore.builder(world.client(proxy.connectString(), SESSION))
          .instance(Instance.named("x"))
          .build();
      List<Fault> faults = new ArrayList<>();
      faults.add(proxy.cutAfter(Op.MULTI, 1));
      store.publish(LIMITS, numbers(1), ANA);
      faults.add(proxy.cutAfter(Op.MULTI, 1));
      GrayRelease gray = store.gray(LIMITS, numbers(2), Audience.percent(10), ANA);
      faults.add(proxy.cutAfter(Op.MULTI, 1));
      gray.widen(Audience.percent(50), ANA);
      faults.add(proxy.cutAfter(Op.MULTI, 1));
      assertThat(gray.promote(ANA).number()).isEqualTo(3);
      faults.add(proxy.cutAfter(Op.MULTI, 1));
      assertThat(store.rollback(LIMITS, ANA).number()).isEqualTo(4);
      faults.add(proxy.cutAfter(Op.MULTI, 1));
      store.delete(LIMITS, ANA);

      assertThat(faults).allMatch(Fault::landed);
      assertThat(store.state(LIMITS).orElseThrow().revision()).isEqualTo(6);
      assertThat(store.history(LIMITS).verify().problems()).isEmpty();
    }
  }

  /** The collector's request is applied, its answer is lost, and then another client creates the same blob again. */
  @Test
  void collectBlobs_whoseAnswerIsLost_takesNothingThatIsUsedSince() throws Exception {
    try (ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot())) {
      ConfigStore other = world.store();
      Content large = Content.text(PublishIT.noise(1, 700_000));
      other.publish(LIMITS, large, ANA);
      other.publish(LIMITS, numbers(1), ANA);
      other.setPolicy(
          LIMITS, Policy.standard().withRetention(1, Duration.ZERO, Long.MAX_VALUE), ANA);
      assertThat(other.maintenance().collect(LIMITS, ANA)).containsExactly(1);
      FaultProxy proxy = world.proxy();
      BlobCollector tomorrow = tomorrow(world.client(proxy.connectString(), SESSION));
      Fault fault = proxy.cutAfter(Op.MULTI, 1);
      proxy.refuse();
      ExecutorService thread = Executors.newSingleThreadExecutor();
      Future<List<String>> collecting = thread.submit(() -> tomorrow.collect("prod", true));
      assertThat(fault.await(LONG)).isTrue();
      other.publish(LIMITS, large, ANA);
      proxy.heal();

      assertThat(collecting.get(30, TimeUnit.SECONDS)).isEmpty();
      assertThat(other.history(LIMITS).content(3)).isEqualTo(large);
      thread.shutdown();
    }
  }

  private static BlobCollector tomorrow(ZkClient client) {
    StoreAccess access = StoreAccess.of(CoreClient.of(client), StoreSettings.STANDARD);
    return new BlobCollector(access.reader(), () -> Instant.now().plus(Duration.ofHours(25)));
  }

  private static <T> List<T> runAll(List<Callable<T>> cases) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(16);
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> each : threads.invokeAll(cases)) {
        results.add(each.get(1, TimeUnit.MINUTES));
      }
      return results;
    } catch (java.util.concurrent.ExecutionException e) {
      if (e.getCause() instanceof ZkException cause) {
        throw cause;
      }
      throw e;
    } finally {
      threads.shutdownNow();
    }
  }
}
