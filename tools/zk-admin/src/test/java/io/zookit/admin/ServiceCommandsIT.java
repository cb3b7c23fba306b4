package io.zookit.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.registry.ServiceView;
import io.zookit.registry.health.HealthOptions;
import io.zookit.registry.policy.InstanceRule;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.PacketCounts;
import io.zookit.testkit.ZkServerExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code zookit service} with providers and consumers. */
class ServiceCommandsIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @TempDir
  private Path home;

  private Desk desk = new Desk(Path.of(""));
  private String root = "";
  private ZkClient client;

  @BeforeEach
  void open() throws Exception {
    root = zooKeeper.freshRoot();
    desk = new Desk(home).with("ZOOKIT_CONNECT", zooKeeper.connectString()).with("USER", "ana");
    client = ZkClient.builder(zooKeeper.connectString())
        .connectTimeout(Duration.ofMinutes(1))
        .root(root)
        .label("one")
        .connect();
    register("p-1", "a");
    register("p-2", "b");
  }

  private void register(String id, String zone) throws InterruptedException {
    ServiceInstance instance = ServiceInstance.at("payments", "10.0.0.7", 8080)
        .withId(id)
        .withZone(zone)
        .withVersion("1.2");
    ServiceRegistry.in(client).register(instance).awaitRegistered(Desk.LONG);
  }

  @AfterEach
  void close() {
    client.close();
  }

  private Outcome zookit(String command) {
    return desk.type("service " + command + " --root " + root);
  }

  private String ok(String command) {
    Outcome outcome = zookit(command);
    assertThat(outcome.code()).as(command + outcome).isZero();
    return outcome.out();
  }

  @Test
  @Tag("full")
  void show_twoInstances_isGoldenInEveryForm() {
    Golden.check("service/show.txt", ok("show payments"));
    Golden.check("service/show.json", ok("show payments -o json"));
    assertThat(ok("show payments -o name")).isEqualTo("payments\n");
    assertThat(zookit("show nobody").code()).isEqualTo(3);
    assertThat(zookit("show a/b").code()).isEqualTo(2);
  }

  @Test
  @Tag("full")
  void show_instanceThatWritesHeartbeats_hasItsPhi() throws Exception {
    ServiceInstance beating = ServiceInstance.at("payments", "10.0.0.8", 8080).withId("p-3");
    ServiceRegistry.in(client)
        .register(beating, HealthOptions.NONE.withHeartbeat(Duration.ofSeconds(1)))
        .awaitRegistered(Desk.LONG);
    await()
        .atMost(Desk.LONG)
        .until(() -> ok("show payments -o json").contains("\"period\": \"PT1S\""));
    assertThat(ok("show payments"))
        .containsPattern("RULE +PHI\n")
        .containsPattern("p-3 .* 0\\.0\n");
    assertThat(ok("show payments -o json")).contains("\"phi\": 0.0");
  }

  @Test
  @Tag("full")
  void list_damagedAndForbiddenService_areRowsAndTheOthersAreListed() throws Exception {
    ServiceRegistry registry = ServiceRegistry.in(client);
    for (String name : new String[] {"damaged", "forbidden", "zebra"}) {
      registry
          .register(ServiceInstance.at(name, "10.0.0.7", 8080).withId("x-1"))
          .awaitRegistered(Desk.LONG);
      ok("disable " + name + "/x-1 --yes");
    }
    ZooKeeper zk = new ZooKeeper(zooKeeper.connectString(), 10_000, event -> {});
    try {
      String policies = root + "/services/%s/~policy";
      zk.setData(String.format(policies, "damaged"), new byte[] {1, 2, 3}, -1);
      List<ACL> others =
          Collections.singletonList(new ACL(Perms.ALL, new Id("digest", "eve:AAAA")));
      zk.setACL(String.format(policies, "forbidden"), others, -1);
    } finally {
      zk.close();
    }
    Outcome listed = zookit("list");
    assertThat(listed.code()).as(listed.toString()).isEqualTo(1);
    assertThat(listed.out())
        .containsPattern("damaged +cannot be read: .*damaged")
        .containsPattern("forbidden +cannot be read: .*NOAUTH")
        .containsPattern("payments +2 +2")
        .containsPattern("zebra +1 +0");
    assertThat(listed.err()).isEqualTo("cannot be read: damaged, forbidden\n");
    assertThat(zookit("list -o json").out()).contains("\"problem\": \"", "\"problem\": null");
  }

  @Test
  @Tag("full")
  void disable_untilEnabled_takesTheInstanceOutOfRotation() throws Exception {
    assertThat(zookit("disable payments/p-1").code()).isEqualTo(2);
    assertThat(zookit("disable payments/p-1 --dry-run").err())
        .isEqualTo("would do: take instance payments/p-1 out of rotation\n");
    Golden.check("service/disable.txt", ok("disable payments/p-1 --yes"));
    Golden.check("service/show-disabled.txt", ok("show payments"));
    try (ServiceView view = ServiceRegistry.in(client).discover("payments")) {
      view.awaitReady(Desk.LONG);
      await().atMost(Desk.LONG).until(() -> allChoicesAre(view, "p-2"));
      Golden.check("service/enable.json", ok("enable payments/p-1 -o json"));
      await().atMost(Desk.LONG).until(() -> !allChoicesAre(view, "p-2"));
    }
  }

  @Test
  @Tag("full")
  void break_untilAuto_takesTheInstanceOutOfRotation() throws Exception {
    assertThat(zookit("break payments/p-1").code()).isEqualTo(2);
    assertThat(zookit("break payments/p-1 open --yes").code()).isEqualTo(2);
    assertThat(zookit("break payments/p-9 --yes").code()).isEqualTo(3);
    assertThat(zookit("break payments/p-1 --dry-run").err())
        .isEqualTo("would do: force the circuit of instance payments/p-1 open\n");
    Golden.check("service/break.txt", ok("break payments/p-1 --yes"));
    Golden.check("service/break.json", ok("break payments/p-1 forced-open --yes -o json"));
    Golden.check("service/show-broken.txt", ok("show payments"));
    assertThat(zookit("enable payments/p-1").code()).isEqualTo(4);
    assertThat(zookit("disable payments/p-1 --yes").err())
        .contains(
            "its circuit is forced open; end that with `zookit service break payments/p-1 auto`");
    try (ServiceView view = ServiceRegistry.in(client).discover("payments")) {
      view.awaitReady(Desk.LONG);
      await().atMost(Desk.LONG).until(() -> allChoicesAre(view, "p-2"));
      assertThat(view.explain("p-1").standing()).isEqualTo("circuit forced open by ana");
      assertThat(zookit("break payments/p-1 auto --dry-run").err())
          .isEqualTo("would do: let consumers decide about instance payments/p-1\n");
      Golden.check("service/break-auto.txt", ok("break payments/p-1 auto"));
      await().atMost(Desk.LONG).until(() -> !allChoicesAre(view, "p-2"));
    }
    assertThat(ok("break payments/p-1 disabled --for 1h --yes")).contains("circuit breakers off");
    ok("disable payments/p-2 --yes");
    Outcome disabled = zookit("break payments/p-2 --yes");
    assertThat(disabled.code()).isEqualTo(4);
    assertThat(disabled.err()).contains("zookit service enable payments/p-2");
  }

  @Test
  @Tag("full")
  void route_setListedAndRemoved_sendsKeysToItsInstances() throws Exception {
    ServiceInstance newer = ServiceInstance.at("payments", "10.0.0.8", 8080).withId("p-3");
    ServiceRegistry.in(client).register(newer.withVersion("2.0")).awaitRegistered(Desk.LONG);
    assertThat(zookit("route set nobody trial --percent 10 --to-version 2.0").code())
        .isEqualTo(3);
    assertThat(zookit("route set payments trial --percent 10").code()).isEqualTo(2);
    assertThat(zookit("route set payments trial --percent 101 --to-version 2.0").code())
        .isEqualTo(2);
    assertThat(zookit("route set payments trial --percent 100 --to-version 2.0 --dry-run")
            .err())
        .isEqualTo("would do: set route trial of service payments\n");
    assertThat(ok("route list payments -o json")).isEqualTo("[]\n");
    Golden.check(
        "service/route-set.txt", ok("route set payments trial --percent 100 --to-version 2.0"));
    assertThat(
            zookit("route set payments gold --percent 12.5 --to-tag tier=gold").err())
        .contains("no instance of service payments matches route gold");
    Golden.check("service/route-list.txt", ok("route list payments"));
    Golden.check("service/route-list.json", ok("route list payments -o json"));
    assertThat(ok("route list payments -o name")).isEqualTo("trial\ngold\n");
    try (ServiceView view = ServiceRegistry.in(client).discover("payments")) {
      view.awaitReady(Desk.LONG);
      await().atMost(Desk.LONG).until(() -> allChoicesAre(view, "p-3"));
      assertThat(zookit("route remove payments trial").code()).isEqualTo(2);
      assertThat(zookit("route remove payments trial --dry-run").err())
          .isEqualTo("would do: remove route trial of service payments\n");
      assertThat(zookit("route remove payments trial --yes").err())
          .isEqualTo("route trial of service payments is removed\n");
      await().atMost(Desk.LONG).until(() -> !allChoicesAre(view, "p-3"));
    }
    assertThat(zookit("route remove payments trial --yes").code()).isEqualTo(3);
    assertThat(zookit("route list nobody").code()).isEqualTo(3);
  }

  private static boolean allChoicesAre(ServiceView view, String id) {
    for (int i = 0; i < 50; i++) {
      if (!view.choose().id().equals(id)) {
        return false;
      }
    }
    return true;
  }

  @Test
  @Tag("full")
  void weight_ofAnOperator_standsBesideTheOwn() {
    Golden.check("service/weight.txt", ok("weight payments/p-1 50 --by ben --for 1h"));
    assertThat(ok("show payments")).contains("weight 50");
    assertThat(ok("weight payments/p-1 own")).contains("none");
    assertThat(zookit("weight payments/p-1 -5").code()).isEqualTo(2);
    assertThat(zookit("weight payments/p-1 heavy").code()).isEqualTo(2);
    assertThat(zookit("weight payments/p-9 5").code()).isEqualTo(3);
  }

  @Test
  @Tag("full")
  void drain_offATerminal_wantsYes() {
    assertThat(zookit("drain payments/p-1").code()).isEqualTo(2);
    assertThat(zookit("drain payments/p-9 --yes").code()).isEqualTo(3);
    Golden.check("service/drain.txt", ok("drain payments/p-1 --yes"));
  }

  @Test
  @Tag("full")
  void watch_instanceThatIsDisabled_isALine() {
    Desk.Running watch = desk.start("service watch payments --changes 1 --root " + root);
    watch.awaitLines(1);
    ok("disable payments/p-1 --yes");
    Outcome ended = watch.finish();
    assertThat(ended.code()).isZero();
    Golden.check("service/watch.txt", ended.out());
  }

  @Test
  void list_manyServices_costsRequestsForAllTogether() throws Exception {
    ServiceRegistry registry = ServiceRegistry.in(client);
    for (int i = 0; i < 40; i++) {
      registry
          .policy("service-" + i)
          .change(policy -> policy.with("x", InstanceRule.by("ana").withDisabled(true)));
    }
    try (FaultProxy proxy = FaultProxy.to(zooKeeper.connectString())) {
      desk.with("ZOOKIT_CONNECT", proxy.connectString());
      assertThat(ok("list -o json")).contains("service-39");
      PacketCounts list = proxy.counts();
      assertThat(list.requests(Op.MULTI_READ)).as(list.toString()).isBetween(3L, 6L);
      assertThat(list.total()).as(list.toString()).isLessThan(40);
    }
  }

  @Test
  @Tag("full")
  void watch_thatShowsNoChange_sendsNoRequests() throws Exception {
    try (FaultProxy proxy = FaultProxy.to(zooKeeper.connectString())) {
      desk.with("ZOOKIT_CONNECT", proxy.connectString());
      Desk.Running watch = desk.start("service watch payments --changes 2 --root " + root);
      watch.awaitLines(1);
      PacketCounts before = proxy.counts();
      ServiceRegistry registry = ServiceRegistry.in(client);
      registry
          .policy("payments")
          .change(policy -> policy.with(
              "p-1",
              InstanceRule.by("ana").withDisabled(true).withUntil(Instant.now().plusSeconds(8))));
      Outcome ended =
          watch.finish(); // the second change is the end of the rule, seen without a request
      assertThat(ended.code()).isZero();
      PacketCounts seen = proxy.counts().minus(before);
      assertThat(seen.requests(Op.GET_DATA)).as(seen.toString()).isLessThan(6);
    }
  }

  @Test
  void list_services_isGoldenAndKnowsPrefixes() throws Exception {
    ok("disable payments/p-1 --yes");
    ServiceRegistry.in(client).policy("orders").change(policy -> policy);
    Golden.check("service/list.txt", ok("list"));
    Golden.check("service/list.json", ok("list -o json"));
    assertThat(ok("list -o name")).isEqualTo("orders\npayments\n");
    assertThat(ok("list pay -o name")).isEqualTo("payments\n");
    assertThat(ok("list x -o json")).isEqualTo("[]\n");
  }

  @Test
  @Tag("full")
  void gc_damagedPolicy_isARowAndTheOthersAreRemoved() throws Exception {
    ServiceRegistry registry = ServiceRegistry.in(client);
    InstanceRule disabled = InstanceRule.by("ana").withDisabled(true);
    registry.policy("damaged").change(policy -> policy.with("d-1", disabled));
    registry.policy("orders").change(policy -> policy.with("o-1", disabled));
    ZooKeeper zk = new ZooKeeper(zooKeeper.connectString(), 30_000, event -> {});
    try {
      zk.setData(root + "/services/damaged/~policy", new byte[] {1, 2, 3}, -1);
    } finally {
      zk.close();
    }
    Outcome collected = zookit("gc --yes");
    assertThat(collected.code()).as(collected.toString()).isEqualTo(1);
    assertThat(collected.out())
        .containsPattern("damaged +cannot be read: .*or damaged")
        .containsPattern("orders +all of it");
    assertThat(collected.err()).contains("1 of 1 removed");
    assertThat(registry.services()).containsExactly("damaged", "payments");
    Outcome again = zookit("gc");
    assertThat(again.code()).isEqualTo(1);
    assertThat(zookit("gc payments").err()).isEqualTo("there is nothing to remove\n");
  }

  @Test
  @Tag("full")
  void gc_emptyServicesAndStaleRules_removesThemAndNothingElse() throws Exception {
    assertThat(zookit("gc").err()).isEqualTo("there is nothing to remove\n");
    ServiceRegistry registry = ServiceRegistry.in(client);
    InstanceRule disabled = InstanceRule.by("ana").withDisabled(true);
    registry.policy("orders").change(policy -> policy.with("o-1", disabled));
    registry
        .policy("payments")
        .change(policy -> policy.with("p-1", disabled).with("p-9", disabled));
    Outcome dry = zookit("gc --dry-run");
    Golden.check("service/gc.txt", dry.out());
    assertThat(dry.err())
        .isEqualTo("would do: remove services without instances: 1, rules of others: 1\n");
    Golden.check("service/gc.json", ok("gc --dry-run -o json"));
    assertThat(zookit("gc").code()).isEqualTo(2);
    assertThat(registry.cleaner().staleEntries()).hasSize(2);
    assertThat(zookit("gc --yes orders").err()).isEqualTo("1 of 1 removed\n");
    assertThat(registry.services()).containsExactly("payments");
    assertThat(zookit("gc --yes").err()).isEqualTo("1 of 1 removed\n");
    assertThat(registry.policy("payments").read().instances()).containsOnlyKeys("p-1");
    assertThat(ok("show payments -o name")).isEqualTo("payments\n");
  }

  @Test
  @Tag("full")
  void consumers_thatSaySo_areListed() throws Exception {
    assertThat(ok("consumers payments -o json")).isEqualTo("[]\n");
    ServiceRegistry open = ServiceRegistry.builder(client).announcePresence().build();
    try (ServiceView view = open.discover("payments")) {
      view.awaitReady(Desk.LONG);
      await().atMost(Desk.LONG).until(() -> ok("consumers payments").contains("one"));
    }
  }
}
