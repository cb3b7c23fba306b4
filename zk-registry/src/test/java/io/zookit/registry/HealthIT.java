package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.registry.health.HealthCheck;
import io.zookit.registry.health.HealthOptions;
import io.zookit.registry.internal.store.StoredHeartbeat;
import io.zookit.testkit.Fault;
import io.zookit.testkit.ManualTimekeeper;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkNode;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Instances that watch over themselves. */
@Tag("full")
class HealthIT extends RegistryCase {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  HealthIT() {
    super(zooKeeper);
  }

  @Test
  void checks_thatFailAndPass_areTheStatusAndWriteOnlyChanges() throws Exception {
    AtomicBoolean works = new AtomicBoolean();
    Party provider = join();
    HealthOptions health = HealthOptions.NONE
        .withCheck(HealthCheck.of(works::get))
        .withInterval(Duration.ofMillis(20))
        .withHysteresis(2, 3);
    provider.registry.register(instance(1), health).awaitRegistered(LONG);
    ServiceView view = join().registry.discover(SERVICE).awaitReady(LONG);
    assertThat(statusIn(view)).isEqualTo(InstanceStatus.DOWN);
    works.set(true);
    await().atMost(PATIENCE).until(() -> statusIn(view) == InstanceStatus.UP);
    works.set(false);
    await().atMost(PATIENCE).until(() -> statusIn(view) == InstanceStatus.DOWN);
    String node = root + "/services/" + SERVICE + "/~b00/" + nodes().get(0);
    Stat stat = provider.zooKeeper().exists(node, false);
    assertThat(stat.getVersion()).isLessThanOrEqualTo(2);
  }

  @Test
  @Tag("full")
  void beats_ofAnInstance_standBesideTheServiceAndGoWithIt() throws Exception {
    Party provider = join();
    HealthOptions health =
        HealthOptions.NONE.withLoad(() -> 0.25).withHeartbeat(Duration.ofMillis(200));
    Registration mine = provider.registry.register(instance(1), health).awaitRegistered(LONG);
    String folder = root + "/service-beats/" + SERVICE + "/~b00";
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> provider.zooKeeper().getChildren(folder, false).equals(nodes()));
    String beat = folder + "/" + nodes().get(0);
    await()
        .atMost(PATIENCE)
        .until(() -> provider.zooKeeper().exists(beat, false).getVersion() > 2);
    StoredHeartbeat said =
        StoredHeartbeat.decode(provider.zooKeeper().getData(beat, false, null)).orElseThrow();
    assertThat(said.load()).isEqualTo(0.25);
    assertThat(said.periodMillis()).isEqualTo(200);
    provider.expire();
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> nodes().size() == 1
            && !nodes().get(0).equals(beat.substring(beat.lastIndexOf('/') + 1))
            && provider.zooKeeper().getChildren(folder, false).equals(nodes()));
    mine.close();
    await()
        .atMost(PATIENCE)
        .until(() -> provider.zooKeeper().getChildren(folder, false).isEmpty());
  }

  @Test
  @Tag("full")
  void beats_thatStop_makeTheInstanceSuspect() throws Exception {
    Party provider = join();
    Party stopped = join();
    HealthOptions health =
        HealthOptions.NONE.withLoad(() -> 0.5).withHeartbeat(Duration.ofMillis(300));
    for (int i = 0; i < 3; i++) {
      provider.registry.register(instance(i), health).awaitRegistered(LONG);
    }
    stopped.registry.register(instance(7)).awaitRegistered(LONG);
    String name =
        nodes().stream().filter(node -> node.startsWith("i7@")).findFirst().orElseThrow();
    String folder = root + "/service-beats/" + SERVICE + "/~b00";
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> provider.zooKeeper().getChildren(folder, false).size() == 3);
    byte[] last = new StoredHeartbeat(0.5, 300, 1).encode();
    stopped
        .zooKeeper()
        .create(
            folder + "/" + name,
            last,
            org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE,
            org.apache.zookeeper.CreateMode.EPHEMERAL);
    ServiceView view = join().registry.discover(SERVICE).awaitReady(LONG);
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> view.explain("i7").standing().equals("silent for too long"));
    assertThat(List.of("i0", "i1", "i2")).contains(view.choose().id());
    assertThat(view.current()).hasSize(4);
    assertThat(view.explain("i7").phi().orElseThrow()).isGreaterThan(8);
    assertThat(view.explain("i0").phi().orElseThrow()).isLessThan(8);
    assertThat(view.explain("i9").phi()).isEmpty();
    List<HeartbeatReport> reports = provider.registry.heartbeats(SERVICE);
    assertThat(reports).extracting(HeartbeatReport::id).containsExactly("i0", "i1", "i2", "i7");
    assertThat(reports.get(0).phi()).isLessThan(8);
    assertThat(reports.get(3).phi()).isGreaterThan(8);
    assertThat(reports.get(3).period()).isEqualTo(Duration.ofMillis(300));
    assertThat(reports.get(3).load()).isEqualTo(0.5);
  }

  @Test
  void heartbeats_ofAServiceWithoutAny_areNone() throws Exception {
    Party party = join();
    assertThat(party.registry.heartbeats(SERVICE)).isEmpty();
    registerMany(party, 1);
    assertThat(party.registry.heartbeats(SERVICE)).isEmpty();
  }

  @Test
  void check_thatThrowsAnything_isOneThatFails() throws Exception {
    AtomicBoolean works = new AtomicBoolean(true);
    HealthOptions health = HealthOptions.NONE
        .withCheck(() -> {
          if (!works.get()) {
            throw new NoClassDefFoundError("on purpose");
          }
          return true;
        })
        .withInterval(Duration.ofMillis(20))
        .withHysteresis(1, 1);
    Registration mine = join().registry.register(instance(1), health).awaitRegistered(LONG);
    await().atMost(PATIENCE).until(() -> mine.instance().status() == InstanceStatus.UP);
    works.set(false);
    await().atMost(PATIENCE).until(() -> mine.instance().status() == InstanceStatus.DOWN);
    works.set(true);
    await().atMost(PATIENCE).until(() -> mine.instance().status() == InstanceStatus.UP);
  }

  @Test
  void load_thatCannotBeTold_stopsNeitherTheRegistrationNorTheBeats() throws Exception {
    AtomicBoolean works = new AtomicBoolean();
    Party provider = join();
    HealthOptions health = HealthOptions.NONE
        .withLoad(() -> {
          if (!works.get()) {
            throw new IllegalStateException("on purpose");
          }
          return 0.25;
        })
        .withHeartbeat(Duration.ofMillis(100));
    provider.registry.register(instance(1), health).awaitRegistered(LONG);
    String beat = root + "/service-beats/" + SERVICE + "/~b00/" + nodes().get(0);
    awaitBeatsAfter(provider, beat, 0);
    assertThat(loadIn(provider, beat)).isZero();
    works.set(true);
    await().atMost(PATIENCE).until(() -> loadIn(provider, beat) == 0.25);
    works.set(false);
    awaitBeatsAfter(provider, beat, provider.zooKeeper().exists(beat, false).getVersion());
    assertThat(loadIn(provider, beat)).isEqualTo(0.25);
  }

  @Test
  void load_thatIsNotAnswered_stopsNeitherTheRegistrationNorTheBeats() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Party provider = join();
    HealthOptions health = HealthOptions.NONE
        .withLoad(() -> {
          await().forever().until(() -> end.getCount() == 0);
          return 0.25;
        })
        .withHeartbeat(Duration.ofMillis(100));
    try {
      provider.registry.register(instance(1), health).awaitRegistered(LONG);
      String beat = root + "/service-beats/" + SERVICE + "/~b00/" + nodes().get(0);
      awaitBeatsAfter(provider, beat, 0);
      end.countDown();
      await().atMost(PATIENCE).until(() -> loadIn(provider, beat) == 0.25);
    } finally {
      end.countDown();
    }
  }

  @Test
  @Tag("full")
  void beats_afterManySessions_areNoMore() throws Exception {
    ManualTimekeeper time = new ManualTimekeeper();
    Party provider = kept(new Party(server, root, Duration.ZERO, time));
    HealthOptions health = HealthOptions.NONE.withHeartbeat(Duration.ofSeconds(1));
    provider.registry.register(instance(1), health).awaitRegistered(LONG);
    for (int session = 2; session <= 4; session++) {
      int registered = session;
      provider.expire();
      await().atMost(PATIENCE).until(() -> provider.recorded.count("registered") == registered);
    }
    provider.settle();
    provider.proxy.resetCounters();
    for (int i = 0; i < 20; i++) {
      time.advance(Duration.ofMillis(500));
      provider.zooKeeper().exists("/", false);
    }
    assertThat(provider.proxy.requests(Op.SET_DATA)).isBetween(5L, 12L);
  }

  @Test
  @Tag("full")
  void beats_ofOneThatIsEndedWhileItIsMade_doNotBegin() throws Exception {
    Party provider = join();
    HealthOptions health = HealthOptions.NONE.withHeartbeat(Duration.ofMillis(100));
    Registration first = provider.registry.register(instance(1), health).awaitRegistered(LONG);
    String beat = root + "/service-beats/" + SERVICE + "/~b00/" + nodes().get(0);
    awaitBeatsAfter(provider, beat, 0);
    first.drain(Duration.ZERO).join();
    Fault fault = provider.proxy.cutAfter(Op.CREATE2, 1);
    Registration second = provider.registry.register(instance(2), health);
    assertThat(fault.await(LONG)).isTrue();
    second.drain(Duration.ZERO).get(30, TimeUnit.SECONDS);
    provider.settle();
    await().atMost(PATIENCE).until(() -> server.nodes(root).stream().noneMatch(ZkNode::ephemeral));
  }

  private static void awaitBeatsAfter(Party party, String beat, int version) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> party.zooKeeper().exists(beat, false).getVersion() > version + 2);
  }

  private static double loadIn(Party party, String beat) throws Exception {
    return StoredHeartbeat.decode(party.zooKeeper().getData(beat, false, null))
        .orElseThrow()
        .load();
  }

  private static InstanceStatus statusIn(ServiceView view) {
    return view.current().get(0).status();
  }
}
