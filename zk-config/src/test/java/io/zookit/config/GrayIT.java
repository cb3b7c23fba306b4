package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.BOB;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.LONG;
import static io.zookit.config.ConfigWorld.numbers;
import static io.zookit.config.ConfigWorld.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.config.gray.Audience;
import io.zookit.config.gray.Instance;
import io.zookit.config.internal.draft.ApprovalGate;
import io.zookit.config.internal.head.HeadChange;
import io.zookit.config.internal.head.HeadTransactions;
import io.zookit.config.internal.head.HeadUpdate;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.ReleaseRef;
import io.zookit.config.internal.model.StoreSettings;
import io.zookit.config.internal.model.StoredHead;
import io.zookit.config.internal.model.StoredRelease;
import io.zookit.config.internal.zk.StoreAccess;
import io.zookit.core.LiveValue;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.ZkServerExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Gray releases and verified publishes, with clients that really follow. */
@Tag("full")
class GrayIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  record Small(int a) {
    public Small {
      if (a > 100) {
        throw new IllegalArgumentException("a: too great (expected: at most 100)");
      }
    }
  }

  private final ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot());
  private final ConfigStore store = world.store();
  private final List<LiveValue<Small>> fleet = new ArrayList<>();
  private final List<ConfigStore> stores = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  @Tag("full")
  void gray_byCount_matchesExactlySoManyAndWhomThePreviewNamed() throws Exception {
    startFleet(6);
    List<Instance> preview = store.preview(LIMITS, Audience.count(2));

    GrayRelease gray = store.gray(LIMITS, numbers(5), Audience.count(2), ANA);

    soon().until(() -> having(5) == 2);
    assertThat(preview).hasSize(2).isEqualTo(gray.status().matched());
    soon().until(() -> gray.status().applied() == 2);
    gray.widen(Audience.count(4), ANA);
    soon().until(() -> having(5) == 4);
    assertThat(gray.status().matched()).containsAll(preview);
    assertThatThrownBy(() -> gray.widen(Audience.percent(0.001), ANA))
        .isInstanceOf(IllegalArgumentException.class);
    gray.abandon(ANA);
    soon().until(() -> having(5) == 0);
    assertThat(store.state(LIMITS).orElseThrow().lastRelease()).isEqualTo(2);
    assertThatThrownBy(() -> gray.promote(ANA)).isInstanceOf(ConfigNotFoundException.class);
  }

  @Test
  void gray_promoted_isStableForAllUnderANewNumber() throws Exception {
    startFleet(2);
    GrayRelease gray = store.gray(LIMITS, numbers(5), Audience.instances("i0"), ANA);
    soon().until(() -> having(5) == 1);

    Release stable = gray.promote(BOB);

    soon().until(() -> having(5) == 2);
    assertThat(stable.kind()).isEqualTo(Release.Kind.PROMOTE);
    assertThat(stable.restores()).hasValue(gray.release());
    assertThat(store.rollback(LIMITS, ANA).restores()).hasValue(1);
  }

  @Test
  void gray_ofADraft_consumesItSoThatAnAbandonedOneDoesNotComeBack() throws Exception {
    store.publish(LIMITS, Content.properties("a=1\nb=1\n"), ANA);
    Drafts drafts = store.drafts(LIMITS);
    Draft draft =
        drafts.save(drafts.open("main").withContent(Content.properties("a=9\nb=1\n")), ANA);

    GrayRelease gray = store.gray(draft, "trial", Rollout.of(Audience.everyone()), ANA);
    assertThat(drafts.list()).isEmpty();
    gray.abandon(ANA);
    Draft next = drafts.open("main");
    store.publish(drafts.save(next.withContent(next.content().with("b", "2")), BOB), BOB);

    assertThat(store.history(LIMITS).content(3).text()).isEqualTo("a=1\nb=2\n");
    assertThat(store.history(LIMITS).content(2).text()).isEqualTo("a=9\nb=1\n");
  }

  @Test
  void gray_ofADraftThatWasChangedOrIsOnAnOlderRelease_isAConflict() throws Exception {
    store.publish(LIMITS, numbers(1), ANA);
    Drafts drafts = store.drafts(LIMITS);
    Rollout plan = Rollout.of(Audience.everyone());
    Draft mine = drafts.save(drafts.open("main").withContent(numbers(2)), ANA);
    Draft theirs = drafts.save(mine.withContent(numbers(3)), BOB);

    assertThatThrownBy(() -> store.gray(mine, "trial", plan, ANA))
        .isInstanceOf(ConfigConflictException.class);
    store.publish(LIMITS, numbers(4), BOB);
    assertThatThrownBy(() -> store.gray(theirs, "trial", plan, BOB))
        .isInstanceOf(ConfigConflictException.class);
    assertThat(drafts.find("main")).isPresent();
    assertThat(store.state(LIMITS).orElseThrow().grays()).isEmpty();
  }

  @Test
  void gray_several_areTriedInOrder() throws Exception {
    startFleet(3);
    store.gray(LIMITS, numbers(5), Audience.instances("i0"), ANA);
    GrayRelease second = store.gray(LIMITS, numbers(6), Audience.label("half", "0"), ANA);

    soon().until(() -> values().equals(List.of(5, 1, 6)));
    assertThat(store.grays(LIMITS)).hasSize(2);
    assertThat(second.status().matched()).extracting(Instance::id).containsExactly("i2");
    stores.get(1).relabel(Map.of("half", "0"));
    soon().until(() -> values().equals(List.of(5, 6, 6)));
  }

  @Test
  void publish_whileAGrayIsOpen_isRefusedUnlessAsked_andItsPromotionDoesNotUndoIt()
      throws Exception {
    startFleet(1);
    GrayRelease gray = store.gray(LIMITS, numbers(5), Audience.instances("nobody"), ANA);

    assertThatThrownBy(() -> store.publish(LIMITS, numbers(6), BOB))
        .isInstanceOf(ConfigRefusedException.class)
        .hasMessageContaining("gray");
    Release beside = store.publish(LIMITS, numbers(6), BOB.allowOpenGrays());
    assertThatThrownBy(() -> gray.promote(ANA)).isInstanceOf(ConfigConflictException.class);
    assertThat(gray.promote(ANA.onTopOf(beside.number())).number()).isEqualTo(4);
  }

  @Test
  void gray_ruleThatAnOlderReaderDoesNotKnow_matchesNobodyAndIsSaid() throws Exception {
    startFleet(1);
    store.gray(LIMITS, numbers(5), Audience.instances("nobody"), ANA);
    ZooKeeper admin = world.plain();
    String path = world.path(LIMITS) + "/head";
    String head = new String(admin.getData(path, false, null), StandardCharsets.UTF_8);

    String later = head.replace("instance in (nobody)", "everyone")
        .replace("\"revision\":2", "\"revision\":3")
        .replace("\"state\":\"running\"", "\"state\":\"running\",\"onlyAfter\":\"2100\"");
    admin.setData(path, later.getBytes(StandardCharsets.UTF_8), -1);
    soon().until(() -> ack(0).status() == InstanceReleaseStatus.Status.UNSUPPORTED);
    assertThat(values()).containsExactly(1);

    String known = head.replace("instance in (nobody)", "everyone")
        .replace("\"revision\":2", "\"revision\":4");
    admin.setData(path, known.getBytes(StandardCharsets.UTF_8), -1);
    soon().until(() -> values().equals(List.of(5)));
  }

  @Test
  @Tag("full")
  void rollout_inSteps_advancesOnlyWhenAppliedAndHealthy() throws Exception {
    startFleet(4);
    Rollout plan = Rollout.of(Audience.count(1), Audience.count(3));
    GrayRelease gray = store.gray(LIMITS, "canary", numbers(5), plan, ANA);
    soon().until(() -> gray.status().applied() == 1);
    gray.pause(ANA);
    assertThat(gray.advance(() -> true, ANA)).isEqualTo(GrayRelease.Progress.HOLDING);
    gray.resume(ANA);

    assertThat(gray.drive(() -> true, Duration.ofMillis(20), ANA))
        .isEqualTo(GrayRelease.Progress.PROMOTED);
    soon().until(() -> having(5) == 4);
    assertThat(store.history(LIMITS).entries(2))
        .extracting(History.Entry::action)
        .containsExactly(History.Action.PROMOTE, History.Action.WIDEN);
  }

  @Test
  void rollout_refusedByAnInstance_isAborted() throws Exception {
    startFleet(3);
    GrayRelease gray = store.gray(LIMITS, numbers(101), Audience.count(1), ANA);
    soon().until(() -> !gray.status().rejected().isEmpty());

    assertThat(gray.advance(() -> true, ANA)).isEqualTo(GrayRelease.Progress.ABORTED);
    assertThat(store.grays(LIMITS)).isEmpty();
    assertThat(values()).containsOnly(1);
    GrayRelease ill = store.gray(LIMITS, numbers(7), Audience.count(1), ANA);
    assertThat(ill.advance(() -> false, ANA)).isEqualTo(GrayRelease.Progress.ABORTED);
  }

  @Test
  void publishVerified_acceptedByAll_becomesStable() throws Exception {
    startFleet(3);

    Release release = store.publishVerified(LIMITS, numbers(5), LONG, ANA);

    assertThat(release.number()).isEqualTo(2);
    soon().until(() -> having(5) == 3);
  }

  @Test
  void publishVerified_refusedByOne_neverBecomesStable() throws Exception {
    startFleet(3);

    assertThatThrownBy(() -> store.publishVerified(LIMITS, numbers(101), LONG, ANA))
        .isInstanceOf(ConfigRejectedException.class)
        .hasMessageContaining("too great");

    assertThat(store.state(LIMITS).orElseThrow().stable()).hasValue(1);
    assertThat(store.state(LIMITS).orElseThrow().candidate()).isEmpty();
    assertThat(values()).containsOnly(1);
    assertThat(store.publish(LIMITS, numbers(3), ANA).number()).isEqualTo(3);
    assertThat(store.rollback(LIMITS, ANA).restores()).hasValue(1);
  }

  @Test
  @Tag("full")
  void publishVerified_silence_isNoConsent() throws Exception {
    startFleet(1);
    FaultProxy proxy = silenceFarInstance();

    assertThatThrownBy(() -> store.publishVerified(LIMITS, numbers(5), Duration.ofMillis(700), ANA))
        .isInstanceOf(ConfigRejectedException.class)
        .hasMessageContaining("far");
    assertThat(values()).containsOnly(1);
    assertThat(store
            .publishVerified(LIMITS, numbers(6), Duration.ofMillis(700), ANA.allowMissing())
            .number())
        .isEqualTo(3);
    proxy.heal();
  }

  @Test
  @Tag("full")
  void publishVerified_thatFails_leavesTheCandidateOfAnotherAlone() throws Exception {
    startFleet(1);
    FaultProxy proxy = silenceFarInstance();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    Future<Release> first =
        threads.submit(() -> store.publishVerified(LIMITS, numbers(5), Duration.ofSeconds(3), ANA));
    soon().until(() -> store.state(LIMITS).orElseThrow().lastRelease() == 2);
    store.withdraw(LIMITS, BOB);
    Future<Release> second =
        threads.submit(() -> store.publishVerified(LIMITS, numbers(6), LONG, BOB));

    assertThatThrownBy(() -> first.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ConfigRejectedException.class);
    proxy.heal();
    assertThat(second.get(30, TimeUnit.SECONDS).number()).isEqualTo(3);
    threads.shutdown();
  }

  @Test
  void publish_whileAVoteIsOpen_isRefused() throws Exception {
    startFleet(1);
    Head head = StoredRelease.value(
        Head.CODEC.decode(world.plain().getData(world.path(LIMITS) + "/head", false, null)),
        "head");
    var client = io.zookit.core.internal.client.CoreClient.of(world.client());
    StoreAccess access = StoreAccess.of(client, StoreSettings.STANDARD);
    ApprovalGate gate = new ApprovalGate(access.reader(), access.caller());
    HeadTransactions transitions =
        new HeadTransactions(client, access.reader(), access.nodes(), access.caller(), gate);
    transitions.run(ANA, id -> {
      StoredHead stored = access.reader().head(LIMITS);
      HeadUpdate edit = HeadUpdate.of(stored.head())
          .candidate(new Head.CandidateRelease(
              new ReleaseRef(1, head.stable() == null ? "" : head.stable().sha256()),
              java.time.Instant.EPOCH));
      return HeadTransactions.ChangePlan.of(
          HeadChange.of(LIMITS, stored, edit, History.Action.CANDIDATE), true);
    });

    assertThatThrownBy(() -> store.publish(LIMITS, numbers(2), ANA))
        .isInstanceOf(ConfigRefusedException.class);
    store.withdraw(LIMITS, BOB);
    assertThat(store.publish(LIMITS, numbers(2), ANA).number()).isEqualTo(2);
  }

  /** Two containers behind one address, one of which starts again at another. */
  @Test
  @Tag("full")
  void gray_ofAnInstance_goesByItsIdAndNotByItsAddress() throws Exception {
    store.publish(LIMITS, numbers(1), ANA);
    ConfigStore one = at("one", "10.0.0.7");
    ConfigStore other = at("other", "10.0.0.7");
    soon().until(() -> store.instances(LIMITS).size() == 2);

    store.gray(LIMITS, numbers(5), Audience.instances("one"), ANA);

    LiveValue<ConfigSnapshot> tried = one.follow(LIMITS).awaitReady(LONG);
    soon().until(() -> tried.current().get("a").filter("5"::equals).isPresent());
    assertThat(other.follow(LIMITS).awaitReady(LONG).current().get("a")).contains("1");
    LiveValue<ConfigSnapshot> again = at("one", "10.0.0.99").follow(LIMITS).awaitReady(LONG);
    assertThat(again.current().get("a")).contains("5");
    LiveValue<ConfigSnapshot> stranger = at("new", "10.0.0.7").follow(LIMITS).awaitReady(LONG);
    assertThat(stranger.current().get("a")).contains("1");
  }

  private ConfigStore at(String id, String address) {
    ConfigStore made = ConfigStore.builder(world.client())
        .instance(new Instance(id, address, java.util.Map.of()))
        .build();
    made.follow(LIMITS);
    return made;
  }

  private void startFleet(int size) throws Exception {
    store.publish(LIMITS, numbers(1), ANA);
    for (int i = 0; i < size; i++) {
      ConfigStore each = ConfigStore.builder(world.client())
          .instance(Instance.named("i" + i).withLabel("half", Integer.toString(i % 2)))
          .build();
      stores.add(each);
      fleet.add(each.bind(LIMITS, Small.class).awaitReady(LONG));
    }
    soon().until(() -> store.instances(LIMITS).size() == size);
  }

  /** Lets one more instance, "far", follow, and then hear and say nothing more until the proxy is healed. */
  private FaultProxy silenceFarInstance() throws Exception {
    FaultProxy proxy = world.proxy();
    ConfigStore far = ConfigStore.builder(
            world.client(proxy.connectString(), Duration.ofSeconds(30)))
        .instance(Instance.named("far"))
        .build();
    far.follow(LIMITS).awaitReady(LONG);
    soon().until(() -> store.instances(LIMITS).size() == fleet.size() + 1);
    proxy.blackHole();
    return proxy;
  }

  private long having(int a) {
    return values().stream().filter(value -> value == a).count();
  }

  private List<Integer> values() {
    return fleet.stream().map(live -> live.current().a()).toList();
  }

  private InstanceReleaseStatus ack(int index) throws InterruptedException {
    return store.instances(LIMITS).get(index);
  }
}
