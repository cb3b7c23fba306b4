package io.zookit.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.config.gray.Instance;
import io.zookit.testkit.ZkServerExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code zookit config} with live instances: waiting for them, gray releases, verified publishes. */
@Tag("full")
class ConfigFleetIT {

  private static final String NS = " prod/checkout/limits ";

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @TempDir
  private Path home;

  private ConfigWorld world = new ConfigWorld("", "", Path.of(""));

  @BeforeEach
  void open() {
    world = new ConfigWorld(zooKeeper.connectString(), zooKeeper.freshRoot(), home);
    world.ok("ns create" + NS);
    publish("maxOrders=100");
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  private void publish(String setting) {
    world.ok("set" + NS + setting);
    world.ok("publish" + NS + "-m '" + setting + "'");
  }

  private void awaitApplied(int instances, int release) {
    await().atMost(Desk.LONG).until(() -> {
      String seen = world.ok("instances" + NS);
      return seen.lines()
              .filter(line -> line.matches(".* applied +" + release + " .*"))
              .count()
          == instances;
    });
  }

  private Instance instance(String id, String zone) {
    return Instance.named(id).withAddress("10.0.0.1").withLabel("zone", zone);
  }

  @Test
  void publish_waiting_endsWhenAllInstancesHaveIt() throws Exception {
    world.follower(instance("shop-1", "a"));
    world.follower(instance("shop-2", "b"));
    awaitApplied(2, 1);
    world.ok("set" + NS + "maxOrders=200");
    Outcome published = world.zookit("publish" + NS + "--wait");
    assertThat(published.code()).as(published.err()).isZero();
    assertThat(published.err()).endsWith("2 of 2 instances have it\n").doesNotContain("\033");
    Golden.check("config/instances.txt", world.ok("instances" + NS));
    Golden.check("config/instances.json", world.ok("instances" + NS + "-o json"));
  }

  @Test
  void publish_waiting_isRejectedWhenAnInstanceRefuses() throws Exception {
    world.binder(instance("shop-1", "a"));
    awaitApplied(1, 1);
    world.ok("set" + NS + "maxOrders=many");
    Outcome published = world.zookit("publish" + NS + "--wait");
    assertThat(published.code()).isEqualTo(5);
    assertThat(published.err()).contains("it is in force, but instances refuse it: shop-1: ");
  }

  @Test
  void publish_verified_isRejectedBeforeItIsInForce() throws Exception {
    world.binder(instance("shop-1", "a"));
    awaitApplied(1, 1);
    world.ok("set" + NS + "maxOrders=many");
    assertThat(world.zookit("publish" + NS + "--verify").code()).isEqualTo(5);
    assertThat(world.ok("get" + NS + "maxOrders")).isEqualTo("100\n");
    world.ok("set" + NS + "maxOrders=300");
    world.ok("publish" + NS + "--verify");
    assertThat(world.ok("get" + NS + "maxOrders")).isEqualTo("300\n");
    assertThat(world.ok("draft list" + NS + "-o name")).isEmpty();
  }

  @Test
  void publish_waitingOrVerified_whereNoInstanceIs_isNoConsent() throws Exception {
    world.ok("set" + NS + "maxOrders=200");
    Outcome verified = world.zookit("publish" + NS + "--verify --within 200ms");
    assertThat(verified.code()).isEqualTo(5);
    assertThat(verified.err()).contains("0 live instances can vote", "at least 1");
    assertThat(world.ok("get" + NS + "maxOrders")).isEqualTo("100\n");
    world.ok("publish" + NS + "--verify --at-least 0");
    Outcome waited = world.zookit("rollback" + NS + "--wait --within 200ms");
    assertThat(waited.code()).isEqualTo(7);
    assertThat(waited.err()).contains("it is in force", "0 live instances", "--at-least 0");
    world.ok("rollback" + NS + "--to 1 --wait --at-least 0");

    world.follower(instance("shop-1", "a"));
    awaitApplied(1, Integer.parseInt(world.ok("show" + NS + "@stable -o name").strip()));
    world.ok("set" + NS + "maxOrders=300");
    assertThat(world.zookit("publish" + NS + "--verify --at-least 2").code()).isEqualTo(5);
    assertThat(world.zookit("publish" + NS + "--at-least -1").code()).isEqualTo(2);
    world.ok("publish" + NS + "--verify --wait");
  }

  @Test
  void gray_wholeLife_isGolden() throws Exception {
    world.follower(instance("shop-1", "a"));
    world.follower(instance("shop-2", "b"));
    awaitApplied(2, 1);
    world.ok("set" + NS + "maxOrders=200");
    String toA = "--to 'label.zone == \"a\"' ";
    Golden.check("config/gray-preview.txt", world.ok("gray preview" + NS + toA));
    Outcome dry = world.zookit("gray start" + NS + toA + "--dry-run");
    assertThat(dry).isEqualTo(new Outcome(0, "", "1 live instance matches: shop-1\n"));
    Outcome started = world.zookit("gray start" + NS + "sale " + toA + "-m trial");
    assertThat(started.code()).as(started.err()).isZero();
    awaitApplied(1, 2);
    awaitApplied(1, 1);
    Golden.check("config/gray-status.txt", world.ok("gray status" + NS + "sale"));
    Golden.check("config/gray-status.json", world.ok("gray status" + NS + "-o json"));
    Golden.check(
        "config/explain-gray.txt", world.ok("explain" + NS + "maxOrders --instance shop-1"));
    Golden.check(
        "config/explain-stable.json",
        world.ok("explain" + NS + "maxOrders --instance shop-2 -o json"));
    assertThat(world.ok("explain" + NS + "maxOrders --instance new --label zone=a -o name"))
        .startsWith("200\n");
    assertThat(world.ok("gray pause" + NS + "sale")).contains("paused");
    assertThat(world.ok("gray resume" + NS + "sale")).contains("open");
    assertThat(world.ok("get" + NS + "maxOrders -r @gray/sale")).isEqualTo("200\n");
    world.ok("gray widen" + NS + "sale --to everyone");
    awaitApplied(2, 2);
    Golden.check("config/gray-promote.txt", world.ok("gray promote" + NS + "sale --wait -m well"));
    assertThat(world.ok("get" + NS + "maxOrders")).isEqualTo("200\n");
    assertThat(world.zookit("gray promote" + NS + "sale").code()).isEqualTo(3);
  }

  @Test
  void grayAbort_offATerminal_wantsYes() {
    world.ok("set" + NS + "maxOrders=200");
    world.ok("gray start" + NS + "--to everyone");
    assertThat(world.zookit("gray abort" + NS + "trial").code()).isEqualTo(2);
    world.ok("set" + NS + "maxOrders=300");
    assertThat(world.zookit("publish" + NS).code()).isEqualTo(4);
    world.ok("gray abort" + NS + "trial --yes");
    assertThat(world.ok("gray status" + NS + "-o name")).isEmpty();
  }

  @Test
  void grayAbort_thenAnEditOfAnotherKey_publishesTheEditOnly() {
    world.ok("set" + NS + "maxOrders=999");
    world.ok("gray start" + NS + "--to everyone");
    assertThat(world.ok("draft list" + NS + "-o name")).isEmpty();
    Outcome aborted = world.zookit("gray abort" + NS + "trial --yes");
    assertThat(aborted.err()).contains("zookit config get prod/checkout/limits -r 2");
    world.ok("set" + NS + "burst=5");
    world.ok("publish" + NS);
    assertThat(world.ok("get" + NS)).isEqualTo("maxOrders=100\nburst=5\n");
    assertThat(world.ok("get" + NS + "-r 2")).isEqualTo("maxOrders=999\n");
  }

  @Test
  void grayStart_ofADraftOnAnOlderRelease_isAConflictThatNamesTheWayOut() {
    world.ok("set" + NS + "maxOrders=2 --draft mine");
    publish("burst=3");
    Outcome conflict = world.zookit("gray start" + NS + "--draft mine --to everyone");
    assertThat(conflict.code()).isEqualTo(4);
    assertThat(conflict.err()).contains("config draft rebase prod/checkout/limits mine");
  }

  @Test
  void grayAdvance_toTheEnd_promotes() throws Exception {
    world.follower(instance("shop-1", "a"));
    awaitApplied(1, 1);
    world.ok("set" + NS + "maxOrders=200");
    world.ok("gray start" + NS + "sale --to 'count(1)' --to everyone");
    Outcome driven = world.zookit("gray advance" + NS + "sale --drive 100ms --check true -o json");
    assertThat(driven.code()).as(driven.err()).isZero();
    Golden.check("config/gray-advance.json", driven.out());
    assertThat(world.ok("get" + NS + "maxOrders")).isEqualTo("200\n");
  }

  @Test
  void grayAdvance_notHealthy_isAborted() {
    world.ok("set" + NS + "maxOrders=200");
    world.ok("gray start" + NS + "sale --to everyone");
    Outcome aborted = world.zookit("gray advance" + NS + "sale --check false");
    assertThat(aborted.code()).isEqualTo(9);
    Golden.check("config/gray-aborted.txt", aborted.out());
    assertThat(world.ok("get" + NS + "maxOrders")).isEqualTo("100\n");
  }

  @Test
  void watch_nextRelease_isOneObjectALine() throws Exception {
    Desk.Running watch =
        world.desk.start("config watch" + NS + "-o json --changes 1 --root " + world.root());
    watch.awaitLines(1);
    Path file = Files.writeString(home.resolve("next.properties"), "maxOrders=7\n");
    world.ok("publish" + NS + "-m next -f " + file);
    Outcome ended = watch.finish();
    assertThat(ended.code()).isZero();
    Golden.check("config/watch.jsonl", ended.out());
  }

  @Test
  void publish_waitEndedByCtrlC_saysThatItIsInForce() throws Exception {
    world.ok("set" + NS + "maxOrders=200");
    Desk.Running waiting =
        world.desk.start("config publish" + NS + "--wait --root " + world.root());
    waiting.awaitLines(1);
    Outcome ended = waiting.interrupt().finish();
    assertThat(ended.code()).isEqualTo(8);
    assertThat(ended.err())
        .contains("it is in force", "`zookit config rollback prod/checkout/limits`");
    assertThat(world.ok("get" + NS + "maxOrders")).isEqualTo("200\n");
  }

  @Test
  void grayPromote_onATerminal_showsTheDifferenceAndAsks() {
    world.ok("set" + NS + "maxOrders=200");
    world.ok("gray start" + NS + "sale --to everyone");
    world.desk.answering("n");
    Outcome refused = world.zookit("gray promote" + NS);
    assertThat(refused.code()).isEqualTo(8);
    assertThat(refused.err()).contains("~ maxOrders = 100 -> 200", "nothing was changed");
    assertThat(world.ok("gray status" + NS + "-o name")).isEqualTo("sale\n");
    world.desk.answering("y");
    world.ok("gray promote" + NS);
    assertThat(world.ok("get" + NS + "maxOrders")).isEqualTo("200\n");
    assertThat(world.zookit("gray promote" + NS).code()).isEqualTo(3);
  }

  @Test
  void gray_withoutAName_isTheOnlyOneOrNamesThem() {
    Outcome none = world.zookit("gray pause" + NS);
    assertThat(none.code()).isEqualTo(3);
    assertThat(none.err()).contains("no gray release is open");
    for (String name : List.of("one", "two")) {
      world.ok("set" + NS + "maxOrders=200");
      world.ok("gray start" + NS + name + " --to 'percent(1)'");
    }
    Outcome several = world.zookit("gray pause" + NS);
    assertThat(several.code()).isEqualTo(2);
    assertThat(several.err()).contains("expected: one of one, two");
  }
}
