package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.LONG;
import static io.zookit.config.ConfigWorld.PRICES;
import static io.zookit.config.ConfigWorld.numbers;
import static io.zookit.config.ConfigWorld.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.config.gray.Instance;
import io.zookit.core.LiveValue;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.PacketCounts;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The number of writes by which instances report what became of releases. */
class StatusWritesIT {

  private static final Namespace OTHER = Namespace.of("prod", "shop", "other");

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot());
  private final ConfigStore publisher = world.store();
  private final FaultProxy proxy = world.proxy();

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  @Tag("full")
  void report_severalReleasesOfSeveralNamespaces_isOneWrite() throws Exception {
    List<Namespace> all = List.of(LIMITS, PRICES, OTHER);
    ConfigStore store = instance("web-1");
    List<LiveValue<ConfigSnapshot>> followed = new ArrayList<>();
    for (Namespace ns : all) {
      publisher.publish(ns, numbers(1), ANA);
      followed.add(store.follow(ns).awaitReady(LONG));
    }
    awaitReported(all, 1);
    PacketCounts before = proxy.counts();

    for (int n = 2; n <= 4; n++) {
      publisher.publish(Map.of(LIMITS, numbers(n), PRICES, numbers(n), OTHER, numbers(n)), ANA);
      for (LiveValue<ConfigSnapshot> live : followed) {
        int expected = n;
        soon().until(() -> live.current().release() == expected);
      }
    }
    awaitReported(all, 4);

    PacketCounts writes = proxy.counts().minus(before);
    // Two if a slow machine needs longer for three releases than a status is gathered.
    assertThat(writes.requests(Op.MULTI)).as(writes.toString()).isBetween(1L, 2L);
    assertThat(writes.requests(Op.SET_DATA)).as(writes.toString()).isZero();
  }

  @Test
  @Tag("full")
  void report_oneNodeWasDeleted_isWrittenForTheOthersAndCreatedAgain() throws Exception {
    ConfigStore store = instance("web-1");
    for (Namespace ns : List.of(LIMITS, PRICES)) {
      publisher.publish(ns, numbers(1), ANA);
      store.follow(ns).awaitReady(LONG);
    }
    awaitReported(List.of(LIMITS, PRICES), 1);
    String node = world.below(world.root + "/config-acks").stream()
        .filter(each -> each.ephemeral() && each.path().contains("/limits/"))
        .findFirst()
        .orElseThrow()
        .path();
    world.plain().delete(node, -1);

    publisher.publish(
        Map.of(LIMITS, numbers(2), PRICES, numbers(2)), ANA.promptAcks(Duration.ofMinutes(1)));

    awaitReported(List.of(LIMITS, PRICES), 2);
  }

  /** The figures of docs/decisions/016: run it with the output of the failsafe report. */
  @Test
  @Tag("full")
  void report_ofAHundredClients_costsAFractionOfAWriteForEachRelease() throws Exception {
    int clients = 100;
    int releases = 10;
    publisher.publish(LIMITS, numbers(0), ANA);
    List<LiveValue<ConfigSnapshot>> followed = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      followed.add(instance("web-" + i).follow(LIMITS));
    }
    soon().until(() -> publisher.instances(LIMITS).size() == clients);
    long before = writes();

    for (int n = 1; n <= releases; n++) {
      Release release = publisher.publish(LIMITS, numbers(n), ANA);
      for (LiveValue<ConfigSnapshot> live : followed) {
        soon().until(() -> live.current().release() == release.number());
      }
    }
    awaitReported(List.of(LIMITS), releases + 1);

    long writes = writes() - before;
    System.out.println(
        "writes by " + clients + " clients for " + releases + " releases: " + writes);
    assertThat(writes).isLessThan((long) clients * releases / 2);

    before = writes();
    Release awaited = publisher.publish(LIMITS, numbers(-1), ANA.promptAcks(Duration.ofMinutes(1)));
    awaitReported(List.of(LIMITS), awaited.number());
    assertThat(writes() - before).isEqualTo(clients);
  }

  private long writes() {
    return proxy.requests(Op.SET_DATA) + proxy.requests(Op.MULTI);
  }

  private ConfigStore instance(String id) {
    return ConfigStore.builder(world.client(proxy.connectString(), Duration.ofSeconds(60)))
        .instance(Instance.named(id))
        .build();
  }

  private void awaitReported(List<Namespace> namespaces, int release) {
    for (Namespace ns : namespaces) {
      soon()
          .untilAsserted(() -> assertThat(publisher.instances(ns))
              .isNotEmpty()
              .allMatch(status -> status.release() == release));
    }
  }
}
