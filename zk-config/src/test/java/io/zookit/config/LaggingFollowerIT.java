package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryForever;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A reader whose new session is on a follower that lags behind does not go back. Three things see to it, each enough: the
 * client begins a session behind a sync, a head is looked at behind one after a connect, and an older head is refused
 * ({@link FollowIT} has that alone). The control, which only reads, sees the release before.
 */
@Timeout(500)
@Tag("full")
class LaggingFollowerIT {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String HEAD = "/zookit/config/prod/apps/checkout/limits/head";

  @TempDir
  Path folder = Path.of("");

  @Test
  void reader_inANewSessionOnAFollowerThatLags_keepsWhatItHasUntilTheFollowerHasCaughtUp()
      throws Exception {
    try (LaggingEnsemble ensemble = new LaggingEnsemble(folder);
        FaultProxy ahead = FaultProxy.to(ensemble.address(1));
        FaultProxy behind = FaultProxy.to(ensemble.address(0));
        ZkClient admin = ZkClient.connect(ensemble.address(2))) {
      ConfigStore publisher = ConfigStore.in(admin);
      publisher.publish(LIMITS, numbers(1), ANA);
      ZooKeeper control = ensemble.plain(0);
      await().atMost(LONG).until(() -> control.exists(HEAD, false) != null);
      behind.refuse();
      CuratorFramework curator = CuratorFrameworkFactory.builder()
          .connectString(ahead.connectString() + "," + behind.connectString())
          .sessionTimeoutMs(4_000)
          .retryPolicy(new RetryForever(100))
          .ensembleTracker(false)
          .build(); // a given client drops the session, and the next one knows no transaction
      try (ZkClient client = ZkClient.owning(curator).connectTimeout(LONG).connect()) {
        List<String> seen = new CopyOnWriteArrayList<>();
        LiveValue<ConfigSnapshot> live = ConfigStore.in(client).follow(LIMITS);
        live.subscribe(snapshot -> seen.add(snapshot.get("a").orElseThrow()));
        await().atMost(LONG).until(() -> seen.equals(List.of("1")));

        ensemble.hold();
        publisher.publish(LIMITS, numbers(2), ANA);
        await().atMost(LONG).until(() -> seen.equals(List.of("1", "2")));
        behind.resetCounters();
        behind.heal();
        ahead.refuse();
        ahead.cut();
        await().atMost(LONG).until(() -> requests(behind) > 0);
        awaitQuiet(behind);
        ZooKeeper fresh = ensemble.plain(0);

        assertThat(head(fresh)).as("the follower is behind").contains("\"lastRelease\":1,");
        assertThat(live.current().get("a")).contains("2");
        ensemble.release();
        publisher.publish(LIMITS, numbers(3), ANA);
        await()
            .atMost(LONG)
            .until(() -> live.current().get("a").filter("3"::equals).isPresent());
        assertThat(seen).isSorted().doesNotHaveDuplicates().startsWith("1", "2").endsWith("3");
      }
    }
  }

  /** Those of a session that stands. */
  private static long requests(FaultProxy proxy) {
    return proxy.requests(Op.SYNC) + proxy.requests(Op.GET_DATA);
  }

  /** Whatever can be answered is answered. */
  private static void awaitQuiet(FaultProxy proxy) {
    AtomicLong before = new AtomicLong(-1);
    await().pollInterval(Duration.ofMillis(700)).atMost(LONG).until(() -> {
      long now = requests(proxy);
      return before.getAndSet(now) == now;
    });
  }

  private static String head(ZooKeeper client) throws Exception {
    return new String(client.getData(HEAD, false, null), StandardCharsets.UTF_8);
  }
}
