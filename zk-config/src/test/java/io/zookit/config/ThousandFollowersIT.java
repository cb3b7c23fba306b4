package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.LONG;
import static io.zookit.config.ConfigWorld.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.config.gray.Instance;
import io.zookit.core.LiveValue;
import io.zookit.testkit.ZkServerExtension;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Many clients in one process that follow one namespace: prints threads and heap of each. The heap has the server's part of a
 * session, too, because the server runs in this process.
 */
@Tag("nightly")
class ThousandFollowersIT {

  private static final int CLIENTS = Integer.getInteger("zookit.followers", 1_000);

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot());

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void follow_byManyClientsOfOneProcess_allHaveEachReleaseAndReportIt() throws Exception {
    ConfigStore publisher = world.store();
    publisher.publish(LIMITS, content(0), ANA);
    publisher.follow(LIMITS).awaitReady(LONG).close();
    int threads = threads();
    long heap = heap();

    List<LiveValue<ConfigSnapshot>> all = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      all.add(ConfigStore.builder(world.client())
          .instance(Instance.named("web-" + i))
          .build()
          .follow(LIMITS));
    }
    for (LiveValue<ConfigSnapshot> live : all) {
      live.awaitReady(LONG);
    }
    soon().until(() -> publisher.instances(LIMITS).size() == CLIENTS);
    System.out.printf(
        "%d clients: %.2f threads and %.1f KiB of heap each%n",
        CLIENTS, (threads() - threads) / (double) CLIENTS, (heap() - heap) / 1024.0 / CLIENTS);

    for (int n = 1; n <= 5; n++) {
      Release release =
          publisher.publish(LIMITS, content(n), ANA.promptAcks(Duration.ofMinutes(1)));
      for (LiveValue<ConfigSnapshot> live : all) {
        soon().until(() -> live.current().release() == release.number());
      }
    }
    soon()
        .until(() -> publisher.instances(LIMITS).stream()
            .allMatch(status -> status.release() == all.get(0).current().release()));
    assertThat(all).allMatch(live -> live.current().get("a").filter("5"::equals).isPresent());
  }

  private static Content content(int n) {
    return Content.properties("a=" + n + "\nfiller=" + "x".repeat(1_000) + "\n");
  }

  private static int threads() {
    return ManagementFactory.getThreadMXBean().getThreadCount();
  }

  /** The heap in use after collections, as little as three of them leave. */
  private static long heap() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }
}
