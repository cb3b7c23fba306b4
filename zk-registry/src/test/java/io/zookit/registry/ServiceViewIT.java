package io.zookit.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.Subscription;
import io.zookit.core.ZkTimeoutException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.testkit.ManualTimekeeper;
import io.zookit.testkit.Op;
import io.zookit.testkit.PacketCounts;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Views of a consumer while its connection is healthy, and the requests they cost. */
class ServiceViewIT extends RegistryCase {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  ServiceViewIT() {
    super(zooKeeper);
  }

  @Test
  void discover_thousandInstances_isTwoRequestsAndOneForEachBucketAndEach128() throws Exception {
    registerMany(join(), 1000);
    Party consumer = join();
    consumer.settle();
    consumer.proxy.resetCounters();
    ServiceView view = consumer.registry.discover(SERVICE).awaitReady(LONG);
    PacketCounts counts = consumer.proxy.counts();
    assertThat(view.current()).hasSize(1000);
    assertThat(counts.requests(Op.ADD_WATCH)).isEqualTo(1);
    assertThat(counts.requests(Op.GET_CHILDREN2)).isEqualTo(1);
    assertThat(counts.requests(Op.MULTI_READ)).isEqualTo(1 + 8);
    assertThat(withoutHeartbeat(counts)).isEqualTo(1 + 1 + 1 + 8);
  }

  @Test
  void change_ofOneInstance_isOneRequestAndItsEndNone() throws Exception {
    Party provider = join();
    registerMany(provider, 20);
    Party consumer = join();
    Recorded told = new Recorded();
    consumer.registry.discover(SERVICE).awaitReady(LONG).subscribe(told);
    await().until(() -> told.lines().size() == 20);

    consumer.proxy.resetCounters();
    Registration one = provider.registry.register(instance(99));
    assertThat(costOf(consumer, told, 21)).isEqualTo(1);
    one.update(old -> old.withWeight(1));
    assertThat(costOf(consumer, told, 22)).isEqualTo(1);
    one.drain(Duration.ofDays(1));
    assertThat(costOf(consumer, told, 23)).isEqualTo(1);
    delete(provider.zooKeeper(), "i99");
    assertThat(costOf(consumer, told, 24)).isZero();
    assertThat(told.lines().get(23)).isEqualTo("removed i99 10.0.0.7:8099 LEFT");
  }

  @Test
  @Tag("full")
  void changes_ofManyInstances_areReadTogether() throws Exception {
    Party consumer = join();
    Party provider = join();
    ServiceView view = consumer.registry.discover(SERVICE).awaitReady(LONG);
    consumer.proxy.delayReplies(Duration.ofMillis(500));
    consumer.proxy.resetCounters();
    registerMany(provider, 200).forEach(each -> each.update(old -> old.withWeight(1)));
    await()
        .until(() -> view.current().stream().filter(each -> each.weight() == 1).count() == 200);
    assertThat(consumer.proxy.requests(Op.MULTI_READ)).isLessThan(400 / 10);
  }

  @Test
  void changes_readsThatTakeNoTime_areReadWithoutAPause() throws Exception {
    Party provider = join();
    Party consumer = kept(new Party(server, root, Duration.ZERO, new ManualTimekeeper()));
    ServiceView view = consumer.registry.discover(SERVICE).awaitReady(LONG);
    for (int i = 1; i <= 3; i++) {
      provider.registry.register(instance(i)).awaitRegistered(LONG);
      int size = i;
      await().until(() -> view.current().size() == size);
    }
  }

  @Test
  @Tag("full")
  void rolling_registrationOf200Instances_staysFarFromQuadratic() throws Exception {
    Party provider = join();
    List<Registration> old = registerMany(provider, 200);
    Party consumer = join();
    ServiceView view = consumer.registry.discover(SERVICE).awaitReady(LONG);
    consumer.proxy.resetCounters();
    for (int i = 0; i < 200; i++) {
      ServiceInstance next = ServiceInstance.at(SERVICE, "10.0.0.8", 8000 + i).withId("i" + i);
      provider.registry.register(next).awaitRegistered(LONG);
      old.get(i).drain(Duration.ZERO);
    }
    await()
        .until(
            () -> view.current().stream().allMatch(instance -> instance.host().equals("10.0.0.8")));
    await().until(() -> nodes().size() == 200);
    consumer.settle();
    assertThat(view.current()).hasSize(200);
    assertThat(consumer.requests()).isLessThan(801);
  }

  @Test
  @Tag("full")
  void vanished_killedProvider_isToldApartFromOneThatLeft() throws Exception {
    Party killed = join();
    Party leaving = join();
    Party consumer = join();
    killed.registry.register(instance(1)).awaitRegistered(LONG);
    Registration left = leaving.registry.register(instance(2)).awaitRegistered(LONG);
    Recorded told = new Recorded();
    ServiceView view = consumer.registry.discover(SERVICE).awaitReady(LONG);
    view.subscribe(told);
    await().until(() -> told.lines().size() == 2);
    long session = killed.zooKeeper().getSessionId();
    killed.proxy.refuse();
    killed.blip();
    server.expire(session);
    left.close();
    await()
        .until(
            () -> ids(view.vanished()).equals(List.of("i1")) && view.current().size() == 1);
    await().until(() -> told.count("removed i2") == 1);
    assertThat(told.lines()).contains("removed i2 10.0.0.7:8002 LEFT");
    assertThat(view.choose().id()).isEqualTo("i1");
    assertThat(view.explain("i1").standing())
        .isEqualTo("in quarantine, in rotation because too few are left");
  }

  @Test
  void close_allInstances_emptiesTheView() throws Exception {
    Party provider = join();
    ServiceView view = join().registry.discover(SERVICE).awaitReady(LONG);
    List<Registration> all = registerMany(provider, 5);
    await().until(() -> view.current().size() == 5);
    all.forEach(registration -> registration.drain(Duration.ofMillis(100)));
    all.forEach(Registration::close);
    await().until(() -> view.current().isEmpty());
    assertThatThrownBy(view::choose)
        .isInstanceOf(NoInstanceException.class)
        .hasMessage("service payments: no instance is registered");
  }

  @Test
  void discover_nodesThatCannotBeRead_leavesThemOutAndGoesOn() throws Exception {
    Party provider = join();
    provider.registry.register(instance(1)).awaitRegistered(LONG);
    put(provider.zooKeeper(), "bad@0000000000000001", "rubbish");
    put(provider.zooKeeper(), "new@0000000000000001", "{\"v\":3,\"r\":3}");
    put(provider.zooKeeper(), "big@0000000000000001", "x".repeat(5_000));
    put(provider.zooKeeper(), "lock-0000000001", "");
    Party consumer = join();
    ServiceView view = consumer.registry.discover(SERVICE).awaitReady(LONG);
    assertThat(ids(view.current())).containsExactly("i1");
    await().until(() -> consumer.recorded.count("skipped") == 4);
    put(provider.zooKeeper(), "worse@0000000000000001", "[]");
    put(provider.zooKeeper(), "~tmp", "");
    await().until(() -> consumer.recorded.count("skipped") == 6);
    provider.registry.register(instance(2)).awaitRegistered(LONG);
    await().until(() -> view.current().size() == 2);
    assertThat(consumer.recorded.lines().stream().filter(line -> line.startsWith("skipped")))
        .containsExactlyInAnyOrder(
            "skipped bad@0000000000000001 no JSON, or a field twice, at byte 0",
            "skipped new@0000000000000001 format 3, for readers of 3 and later",
            "skipped big@0000000000000001 5000 bytes (expected: at most 4096)",
            "skipped lock-0000000001 its name is not <id>@<nonce>",
            "skipped worse@0000000000000001 v: expected a whole number, 1 or more",
            "skipped ~tmp its name is not <id>@<nonce>");
  }

  @Test
  @Tag("full")
  void discover_nodesTooLargeForAPacket_areFoundOutAndLeftOut() throws Exception {
    Party provider = join();
    registerMany(provider, 10);
    put(provider.zooKeeper(), "huge@0000000000000001", "x".repeat(900_000));
    put(provider.zooKeeper(), "huge@0000000000000002", "x".repeat(900_000));
    Party consumer = join();
    long session = consumer.zooKeeper().getSessionId();
    ServiceView view = consumer.registry.discover(SERVICE).awaitReady(Duration.ofSeconds(20));
    assertThat(view.current()).hasSize(10);
    await().until(() -> consumer.recorded.count("skipped huge") == 2);
    consumer.proxy.resetCounters();
    put(provider.zooKeeper(), "huge@0000000000000003", "{}");
    provider.registry.register(instance(20)).awaitRegistered(LONG);
    await().until(() -> view.current().size() == 11);
    consumer.blip();
    await().until(() -> consumer.recorded.count("live") == 2);
    assertThat(consumer.zooKeeper().getSessionId()).isEqualTo(session);
    // The reconnect is ours; what was found out before is not tried again.
    assertThat(consumer.proxy.requests(Op.CONNECT)).isEqualTo(1);
  }

  @Test
  @Tag("full")
  void discover_bucketTooLongToBeListed_isReportedAndNotTriedForEver() throws Exception {
    Party provider = join();
    provider.registry.register(instance(1)).awaitRegistered(LONG);
    List<org.apache.zookeeper.Op> creates = new ArrayList<>();
    String folder = root + "/services/payments/~b01";
    ZooKeeper admin = provider.zooKeeper();
    admin.create(folder, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    for (int i = 0; i < 27_000; i++) {
      creates.add(org.apache.zookeeper.Op.create(
          folder + String.format("/%036d", i),
          new byte[0],
          Ids.OPEN_ACL_UNSAFE,
          CreateMode.PERSISTENT));
      if (creates.size() == 3_000) {
        admin.multi(creates);
        creates.clear();
      }
    }
    Party consumer = join();
    ServiceView other = consumer.registry.discover(SERVICE).awaitReady(Duration.ofSeconds(20));
    assertThat(other.current()).containsExactly(instance(1));
    await().until(() -> consumer.recorded.count("failed payments ~b01 holds more than 7000") == 1);
    consumer.proxy.resetCounters();
    provider.registry.register(instance(2)).awaitRegistered(LONG);
    await().until(() -> other.current().size() == 2);
    consumer.blip();
    await().until(() -> consumer.recorded.count("live") == 2);
    // The reconnect is ours; what was found out before is not tried again.
    assertThat(consumer.proxy.requests(Op.CONNECT)).isEqualTo(1);
  }

  @Test
  void discover_serviceOfALaterFormat_isReportedAndKeepsTheLastView() throws Exception {
    Party provider = join();
    provider.registry.register(instance(1)).awaitRegistered(LONG);
    Party consumer = join();
    ServiceView view = consumer.registry.discover(SERVICE).awaitReady(LONG);
    String service = root + "/services/payments";
    byte[] before = provider.zooKeeper().getData(service, false, null);
    provider.zooKeeper().setData(service, "{\"v\":2,\"r\":2}".getBytes(UTF_8), -1);
    await().until(() -> consumer.recorded.count("failed payments the service has format 2") > 0);
    assertThat(ids(view.current())).containsExactly("i1");
    await().until(() -> !view.age().isZero());
    provider.zooKeeper().setData(service, before, -1);
    await().until(() -> view.age().isZero());
  }

  @Test
  @Tag("full")
  void views_ofOneService_shareOneWatchUntilTheLastIsClosed() throws Exception {
    Party provider = joinWithoutReconciler();
    provider.registry.register(instance(1)).awaitRegistered(LONG);
    Party consumer = join();
    consumer.settle();
    int watches = server.watchCount();
    ServiceView first = consumer.registry.discover(SERVICE).awaitReady(LONG);
    consumer.proxy.resetCounters();
    ServiceView second = consumer.registry.discover(SERVICE).awaitReady(LONG);
    assertThat(second.current()).isEqualTo(first.current());
    assertThat(withoutHeartbeat(consumer.proxy.counts())).isZero();
    assertThat(server.watchCount()).isEqualTo(watches + 1);
    first.close();
    consumer.settle();
    assertThat(server.watchCount()).isEqualTo(watches + 1);
    provider.registry.register(instance(2)).awaitRegistered(LONG);
    await().until(() -> second.current().size() == 2);
    second.close();
    await().until(() -> server.watchCount() == watches);
    assertThat(first.current()).hasSize(1);
    assertThat(second.choose()).isNotNull();
    ServiceView third = consumer.registry.discover(SERVICE).awaitReady(LONG);
    assertThat(third.current()).hasSize(2);
  }

  @Test
  void subscribe_toTheListAndToChanges_isToldUntilClosed() throws Exception {
    Party provider = join();
    ServiceView view = provider.registry.discover(SERVICE);
    List<List<String>> lists = new CopyOnWriteArrayList<>();
    Recorded told = new Recorded();
    Subscription list = view.subscribe(instances -> lists.add(ids(instances)));
    Subscription changes = view.subscribe(told);
    view.awaitReady(LONG);
    provider.registry.register(instance(1)).awaitRegistered(LONG);
    await().untilAsserted(() -> assertThat(lists).containsExactly(List.of(), List.of("i1")));
    await().until(() -> told.lines().size() == 1);
    list.close();
    changes.close();
    provider.registry.register(instance(2)).awaitRegistered(LONG);
    await().until(() -> view.current().size() == 2);
    Recorded late = new Recorded();
    view.subscribe(late);
    await().until(() -> late.lines().size() == 2);
    assertThat(lists).hasSize(2);
    assertThat(told.lines()).hasSize(1);
  }

  @Test
  void current_beforeTheFirstRead_saysThatNothingWasSeen() throws Exception {
    Party consumer = join();
    server.stop();
    await().until(() -> consumer.client.session().remaining().isZero());
    ServiceView view = consumer.registry.discover(SERVICE);
    assertThat(view.latest()).isEmpty();
    assertThatThrownBy(view::current).isInstanceOf(ZkUnavailableException.class);
    assertThatThrownBy(view::choose)
        .isInstanceOf(NoInstanceException.class)
        .hasMessage("service payments: not read yet");
    assertThatThrownBy(() -> view.awaitReady(Duration.ofMillis(20)))
        .isInstanceOf(ZkTimeoutException.class);
    assertThatThrownBy(() -> view.awaitReady(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("timeout: PT-0.001S (expected: zero or more)");
    assertThatThrownBy(() -> consumer.registry.discover("~policy"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Returns the number of requests until {@code lines} lines are recorded, and resets the counters. */
  private static long costOf(Party consumer, Recorded told, int lines) {
    await().until(() -> told.lines().size() == lines);
    long cost = withoutHeartbeat(consumer.proxy.counts());
    consumer.proxy.resetCounters();
    return cost;
  }

  private static long withoutHeartbeat(PacketCounts counts) {
    return counts.total() - counts.requests(Op.EXISTS);
  }

  private void delete(ZooKeeper admin, String id) throws Exception {
    String node =
        nodes().stream().filter(name -> name.startsWith(id + "@")).findFirst().orElseThrow();
    admin.delete(root + "/services/payments/~b00/" + node, -1);
  }

  private void put(ZooKeeper admin, String name, String data)
      throws KeeperException, InterruptedException {
    admin.create(
        root + "/services/payments/~b00/" + name,
        data.getBytes(UTF_8),
        Ids.OPEN_ACL_UNSAFE,
        CreateMode.PERSISTENT);
  }
}
