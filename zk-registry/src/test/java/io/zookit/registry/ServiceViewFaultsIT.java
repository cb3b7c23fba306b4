package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.testkit.Fault;
import io.zookit.testkit.Op;
import io.zookit.testkit.PacketCounts;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A consumer whose connection breaks and whose session ends. */
class ServiceViewFaultsIT extends RegistryCase {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  ServiceViewFaultsIT() {
    super(zooKeeper);
  }

  @Test
  @Tag("full")
  void cutOff_instanceMovesMeanwhile_endsWithTheNewAddress() throws Exception {
    Party provider = join();
    Party consumer = join();
    Registration old = provider.registry.register(instance(1)).awaitRegistered(LONG);
    ServiceView view = consumer.registry.discover(SERVICE).awaitReady(LONG);
    Recorded told = new Recorded();
    view.subscribe(told);
    cutOff(consumer);
    old.drain(Duration.ZERO).join();
    ServiceInstance moved = ServiceInstance.at(SERVICE, "10.0.0.7", 9999).withId("i1");
    provider.registry.register(moved).awaitRegistered(LONG);
    assertThat(view.current()).containsExactly(instance(1));
    consumer.proxy.heal();
    await().untilAsserted(() -> assertThat(view.current()).containsExactly(moved));
    await().until(() -> told.lines().size() == 2);
    assertThat(told.lines().get(1)).isEqualTo("changed i1 10.0.0.7:9999 UP REPLACED");
  }

  @Test
  @Tag("full")
  void cutOff_instancesComeAndGoMeanwhile_showsWhatIsThere() throws Exception {
    Party provider = join();
    Party consumer = join();
    List<Registration> three = registerMany(provider, 3);
    ServiceView view = consumer.registry.discover(SERVICE).awaitReady(LONG);
    cutOff(consumer);
    three.get(0).drain(Duration.ZERO).join();
    three.get(1).update(old -> old.withWeight(1));
    provider.registry.register(instance(7)).awaitRegistered(LONG);
    consumer.proxy.heal();
    await()
        .untilAsserted(() -> assertThat(view.current())
            .containsExactly(instance(1).withWeight(1), instance(2), instance(7)));
    assertThat(view.age()).isZero();
  }

  @Test
  @Tag("full")
  void cutOff_foldersAreMadeAnewMeanwhile_showsTheNewInstance() throws Exception {
    Party provider = join();
    Party consumer = join();
    makeFolders(provider);
    ServiceView view = consumer.registry.discover(SERVICE).awaitReady(LONG);
    cutOff(consumer);
    provider.zooKeeper().delete(root + "/services/payments/~b00", -1);
    provider.zooKeeper().delete(root + "/services/payments", -1);
    provider.registry.register(instance(2)).awaitRegistered(LONG);
    consumer.proxy.heal();
    await().untilAsserted(() -> assertThat(ids(view.current())).containsExactly("i2"));
  }

  @Test
  @Tag("full")
  void serverDown_viewStaysAndIsLiveAgainAfterwards() throws Exception {
    Party provider = join();
    Party consumer = join();
    registerMany(provider, 3);
    ServiceView view = consumer.registry.discover(SERVICE).awaitReady(LONG);
    Recorded told = new Recorded();
    view.subscribe(told);
    await().until(() -> told.lines().size() == 3);
    assertThat(view.age()).isZero();
    server.stop();
    await().until(() -> view.age().toMillis() > 50);
    assertThat(view.current()).hasSize(3);
    assertThat(view.choose()).isNotNull();
    ServiceView late = consumer.registry.discover(SERVICE).awaitReady(LONG);
    assertThat(late.age()).isPositive();
    server.restart();
    await().until(() -> view.age().isZero() && late.age().isZero());
    assertThat(view.current()).hasSize(3);
    assertThat(told.lines()).hasSize(3);
    assertThat(consumer.recorded.lines().stream().distinct())
        .containsExactly("live payments 3", "stale payments");
  }

  @Test
  @Tag("full")
  void reconnect_sameSession_isOneReadOfEverything() throws Exception {
    registerMany(join(), 300);
    Party consumer = join();
    ServiceView view = consumer.registry.discover(SERVICE).awaitReady(LONG);
    consumer.settle();
    consumer.proxy.resetCounters();
    consumer.blip();
    await().until(() -> consumer.recorded.count("live") == 2);
    PacketCounts counts = consumer.proxy.counts();
    assertThat(counts.requests(Op.GET_CHILDREN2)).isEqualTo(1);
    assertThat(counts.requests(Op.MULTI_READ)).isEqualTo(1 + 3);
    assertThat(counts.requests(Op.ADD_WATCH)).isZero();
    // The client itself: sync and read of policy and incarnation, watches set again, heartbeat.
    assertThat(registryRequests(counts)).isEqualTo(1 + 1 + 3);
    assertThat(view.current()).hasSize(300);
  }

  @Test
  @Tag("full")
  void expiry_ofTheConsumer_isOneReadOfEverythingAfterASync() throws Exception {
    Party provider = join();
    List<Registration> all = registerMany(provider, 300);
    Party consumer = join();
    ServiceView view = consumer.registry.discover(SERVICE).awaitReady(LONG);
    Recorded told = new Recorded();
    view.subscribe(told);
    await().until(() -> told.lines().size() == 300);
    consumer.settle();
    consumer.proxy.resetCounters();
    consumer.expire();
    all.get(0).update(old -> old.withWeight(1));
    await().until(() -> consumer.recorded.count("live") == 2);
    PacketCounts counts = consumer.proxy.counts();
    List<Op> order = consumer.proxy.recorded();
    assertThat(counts.requests(Op.SYNC))
        .isEqualTo(2); // for the greeting's two reads, which are answered before the view reads
    assertThat(order.lastIndexOf(Op.SYNC)).isLessThan(order.indexOf(Op.MULTI_READ));
    assertThat(counts.requests(Op.ADD_WATCH)).isEqualTo(1);
    assertThat(counts.requests(Op.GET_CHILDREN2)).isEqualTo(1);
    await().untilAsserted(() -> assertThat(view.current()).contains(instance(0).withWeight(1)));
    assertThat(told.lines()).hasSize(301);
    provider.registry.register(instance(400)).awaitRegistered(LONG);
    await().until(() -> view.current().size() == 301);
  }

  @ParameterizedTest
  @Tag("full")
  @EnumSource(
      value = Op.class,
      names = {"ADD_WATCH", "MULTI_READ", "GET_CHILDREN2"})
  void discover_cutAtAnyRequest_isReadyAndFollowsAllTheSame(Op op) throws Exception {
    Party provider = join();
    registerMany(provider, 5);
    for (int n = 1; n <= (op == Op.MULTI_READ ? 2 : 1); n++) {
      Party consumer = join();
      Fault fault = n == 1 ? consumer.proxy.cutAfter(op, n) : consumer.proxy.cutBefore(op, n);
      ServiceView view = consumer.registry.discover(SERVICE).awaitReady(LONG);
      assertThat(fault.landed()).isTrue();
      int size = view.current().size();
      assertThat(size).isEqualTo(4 + n);
      provider.registry.register(instance(100 + n)).awaitRegistered(LONG);
      await().until(() -> view.current().size() == size + 1);
    }
  }

  @Test
  void close_whileCutOff_takesTheWatchOffAfterTheReconnect() throws Exception {
    Party consumer = join();
    consumer.settle();
    int watches = server.watchCount();
    ServiceView view = consumer.registry.discover(SERVICE).awaitReady(LONG);
    assertThat(server.watchCount()).isEqualTo(watches + 1);
    cutOff(consumer);
    view.close();
    consumer.proxy.heal();
    consumer.client.awaitConnected(LONG);
    await().until(() -> consumer.proxy.requests(Op.REMOVE_WATCHES) == 1);
    consumer.settle();
    assertThat(server.watchCount()).isEqualTo(watches);
  }

  @Test
  void close_viewOfAnotherClientOfTheSession_leavesThisOneItsWatch() throws Exception {
    Party provider = join();
    registerMany(provider, 2);
    Party consumer = join();
    ServiceView view = consumer.registry.discover(SERVICE).awaitReady(LONG);
    List<EventType> heard = new CopyOnWriteArrayList<>();
    consumer
        .zooKeeper()
        .addWatch(
            root + "/services/payments",
            event -> heard.add(event.getType()),
            AddWatchMode.PERSISTENT_RECURSIVE);
    try (ZkClient other = consumer.anotherClient()) {
      ServiceRegistry.in(other).discover(SERVICE).awaitReady(LONG).close();
      await().until(() -> consumer.proxy.requests(Op.CHECK_WATCHES) == 1);
      provider.registry.register(instance(3)).awaitRegistered(LONG);
      await().until(() -> view.current().size() == 3);
    }
    assertThat(heard).contains(EventType.NodeCreated);
    assertThat(heard).as("of the application").doesNotContain(EventType.PersistentWatchRemoved);
  }

  private static void cutOff(Party party) {
    party.proxy.refuse();
    party.blip();
    await().until(() -> party.client.session().remaining().isZero());
  }

  private static long registryRequests(PacketCounts counts) {
    return counts.total()
        - counts.requests(Op.SET_WATCHES2)
        - counts.requests(Op.SET_WATCHES)
        - counts.requests(Op.SYNC)
        - counts.requests(Op.GET_DATA)
        - counts.requests(Op.GET_ACL)
        - counts.requests(Op.EXISTS);
  }
}
