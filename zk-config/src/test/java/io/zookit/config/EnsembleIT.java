package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Publishers that race on three servers through connections that break, and readers that change servers. */
@Tag("full")
class EnsembleIT {

  private static final int PUBLISHERS = 8;
  private static final int EACH = Scale.of(12, 125);
  private static final Duration SESSION = Duration.ofSeconds(6);

  private final List<AutoCloseable> made = new ArrayList<>();
  private final Map<String, Integer> acknowledged = new ConcurrentHashMap<>();
  private final AtomicInteger landed = new AtomicInteger();

  @Test
  void publish_byManyWhoRace_losesNothingLeavesNoGapAndNoReaderGoesBack() throws Exception {
    try (ZkCluster cluster = ZkCluster.start()) {
      List<String> wrong = new CopyOnWriteArrayList<>();
      ConfigStore watching = ConfigStore.in(client(cluster.connectString()));
      LiveValue<ConfigSnapshot> live = watching.follow(LIMITS);
      AtomicLong seen = new AtomicLong();
      live.subscribe(snapshot -> {
        if (seen.getAndSet(snapshot.revision()) > snapshot.revision()) {
          wrong.add(snapshot.toString());
        }
      });
      ExecutorService threads = Executors.newFixedThreadPool(PUBLISHERS);
      List<Future<?>> loops = new ArrayList<>();
      for (int p = 0; p < PUBLISHERS; p++) {
        FaultProxy proxy = keep(FaultProxy.to(cluster.connectString(p % cluster.size())));
        ConfigStore store = ConfigStore.in(client(proxy.connectString()));
        String name = "p" + p;
        loops.add(threads.submit(() -> {
          publishAll(store, proxy, name);
          return true;
        }));
      }
      for (Future<?> loop : loops) {
        loop.get(Scale.of(3, 9), TimeUnit.MINUTES);
      }
      threads.shutdown();

      assertEverythingIsThere(watching.history(LIMITS));
      soon().until(() -> live.current().release() == PUBLISHERS * EACH);
      assertThat(wrong).isEmpty();
      for (AutoCloseable each : made) {
        each.close();
      }
    }
  }

  private void assertEverythingIsThere(History history) throws Exception {
    assertThat(landed.get()).as("faults that landed").isGreaterThanOrEqualTo(PUBLISHERS);
    assertThat(history.verify().problems()).isEmpty();
    assertThat(history.releases(2000)).hasSize(PUBLISHERS * EACH);
    assertThat(acknowledged.values()).doesNotHaveDuplicates().hasSize(PUBLISHERS * EACH);
    for (Map.Entry<String, Integer> one : acknowledged.entrySet()) {
      assertThat(history.content(one.getValue()).get("who")).contains(one.getKey());
    }
  }

  private void publishAll(ConfigStore store, FaultProxy proxy, String name) throws Exception {
    for (int n = 0; n < EACH; n++) {
      String who = name + "-" + n;
      Fault fault = n % 4 == 1 ? proxy.cutAfter(Op.MULTI, 1) : proxy.cutBefore(Op.MULTI, 30);
      acknowledged.put(who, publishUntilDone(store, who).number());
      landed.addAndGet(fault.landed() ? 1 : 0);
      fault.disarm();
    }
  }

  private static Release publishUntilDone(ConfigStore store, String who) throws Exception {
    while (true) {
      try {
        return store.publish(LIMITS, Content.properties("who=" + who), ANA);
      } catch (ConfigConflictException e) {
        // No publisher gets a conflict with itself.
        assertThat(e.theirs().toString()).doesNotContain("after=" + who + "]");
      }
    }
  }

  private ZkClient client(String address) {
    return keep(ZkClient.builder(address)
        .sessionTimeout(SESSION)
        .connectTimeout(Duration.ofSeconds(30))
        .connect());
  }

  private synchronized <T extends AutoCloseable> T keep(T thing) {
    made.add(0, thing);
    return thing;
  }
}
