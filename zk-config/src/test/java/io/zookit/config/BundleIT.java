package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.LONG;
import static io.zookit.config.ConfigWorld.PRICES;
import static io.zookit.config.ConfigWorld.numbers;
import static io.zookit.config.ConfigWorld.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.LiveValue;
import io.zookit.testkit.ZkServerExtension;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Namespaces that were published together, and what becomes of them when one does not fit here. */
@Tag("full")
class BundleIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot());
  private final ConfigStore store = world.store();
  private LiveValue<FollowIT.Limits> limits;
  private LiveValue<ConfigSnapshot> prices;

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  /** Both are followed here, and a bundle of them was refused because of the limits. */
  @BeforeEach
  void refuseABundle() throws Exception {
    store.publish(LIMITS, Content.properties("max-orders=1"), ANA);
    store.publish(PRICES, numbers(1), ANA);
    limits = store.bind(LIMITS, FollowIT.Limits.class).awaitReady(LONG);
    prices = store.follow(PRICES).awaitReady(LONG);
    store.publish(Map.of(LIMITS, Content.properties("max-orders=0"), PRICES, numbers(2)), ANA);
    soon()
        .until(() -> store.instances(PRICES).stream()
            .anyMatch(ack -> ack.status() == InstanceReleaseStatus.Status.REJECTED));
  }

  @Test
  @Tag("full")
  void bundle_whoseBadHalfIsReplaced_bringsTheOtherHalfIntoForce() throws Exception {
    store.publish(LIMITS, Content.properties("max-orders=3"), ANA);

    soon().until(() -> limits.current().maxOrders() == 3);
    soon().until(() -> prices.current().get("a").filter("2"::equals).isPresent());
    soon()
        .until(() -> store.instances(PRICES).stream()
            .allMatch(ack -> ack.status() == InstanceReleaseStatus.Status.APPLIED));
  }

  @Test
  void bundle_whoseGoodHalfIsAskedAgain_staysRefused() throws Exception {
    LiveValue<FollowIT.Pair> late = store.bind(PRICES, FollowIT.Pair.class).awaitReady(LONG);

    assertThat(late.current().a()).isEqualTo(1);
    assertThat(prices.current().get("a")).contains("1");
    assertThat(limits.current().maxOrders()).isEqualTo(1);
    store.publish(LIMITS, Content.properties("max-orders=3"), ANA);
    soon().until(() -> late.current().a() == 2);
  }

  @Test
  void bundle_whoseGoodHalfIsPinned_staysRefused() throws Exception {
    store.pin(PRICES, 1, ANA);
    long pinned = store.history(PRICES).entries(1).get(0).revision();

    soon().until(() -> store.instances(PRICES).stream().anyMatch(ack -> ack.revision() == pinned));
    LiveValue<FollowIT.Pair> late = store.bind(PRICES, FollowIT.Pair.class).awaitReady(LONG);
    assertThat(late.current().a()).isEqualTo(1);
    assertThat(prices.current().get("a")).contains("1");
    store.publish(LIMITS, Content.properties("max-orders=3"), ANA);
    soon().until(() -> prices.current().get("a").filter("2"::equals).isPresent());
  }

  /** A bad release after a bad one: what was published together was never in force, and must not be now. */
  @Test
  void bundle_whoseBadHalfIsReplacedByAnotherBadOne_staysRefused() throws Exception {
    int bad = store.publish(LIMITS, Content.properties("max-orders=501"), ANA).number();
    soon().until(() -> store.instances(LIMITS).stream().anyMatch(ack -> ack.offered() == bad));
    LiveValue<FollowIT.Pair> late = store.bind(PRICES, FollowIT.Pair.class).awaitReady(LONG);

    assertThat(late.current().a()).isEqualTo(1);
    assertThat(prices.current().get("a")).contains("1");
    assertThat(limits.current().maxOrders()).isEqualTo(1);
  }

  @Test
  @Tag("full")
  void bundle_whoseBadHalfIsNotFollowedAnyMore_bringsTheOtherHalfIntoForce() throws Exception {
    limits.close();

    soon().until(() -> prices.current().get("a").filter("2"::equals).isPresent());
  }
}
