package io.zookit.config;

import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.PRICES;
import static io.zookit.config.ConfigWorld.numbers;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.zookit.config.gray.Audience;
import io.zookit.core.AccessPolicy;
import io.zookit.core.Identity;
import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.zookeeper.ZooKeeper;
import org.assertj.core.api.SoftAssertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Approvals: what needs them, which identities may give them, and what remains of them. */
@Tag("full")
class ApprovalIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Change ANA = Change.by("ana").because("test");
  private static final Change BEN = Change.by("ben").because("test");
  private static final Policy ONE = Policy.standard().withApprovals(1);

  private final ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot());
  private final ConfigStore ana = storeOf("ana");
  private final ConfigStore ben = storeOf("ben");

  @BeforeEach
  void publishTwoReleases() throws Exception {
    ana.publish(LIMITS, numbers(1), ANA);
    ana.publish(LIMITS, numbers(2), ANA);
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  private ConfigStore storeOf(String user) {
    AccessPolicy both =
        AccessPolicy.sharedBy(Identity.digest("ana", "a-pw"), Identity.digest("ben", "b-pw"));
    ZkClient client = world.keep(ZkClient.builder(zooKeeper.connectString())
        .root(world.root)
        .digest(user, user.charAt(0) + "-pw")
        .access(both)
        .connectTimeout(ConfigWorld.LONG)
        .connect());
    return ConfigStore.in(client);
  }

  private static void assertRefused(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(ConfigRefusedException.class);
  }

  @Test
  @Tag("full")
  void everyChangeOfWhatIsInForce_withoutApprovals_isRefused() throws Exception {
    GrayRelease before =
        ana.gray(LIMITS, "before", numbers(3), Rollout.of(Audience.instances("x")), ANA);
    ana.publish(PRICES, numbers(1), ANA);
    ana.setPolicy(PRICES, ONE, ANA);
    ana.setPolicy(LIMITS, ONE, ANA);
    Map<String, ThrowingCallable> changes = new LinkedHashMap<>();
    changes.put("promote", () -> before.promote(BEN));
    changes.put("widen", () -> before.widen(Audience.everyone(), BEN));
    Change beside = BEN.allowOpenGrays();
    changes.put("publish", () -> ana.publish(LIMITS, numbers(4), beside));
    changes.put(
        "publish two", () -> ana.publish(Map.of(LIMITS, numbers(4), PRICES, numbers(5)), beside));
    changes.put("update", () -> ana.update(LIMITS, each -> each.with("a", "9"), beside));
    changes.put("import", () -> ana.importContent(LIMITS, numbers(4), beside));
    changes.put(
        "publish verified",
        () -> ana.publishVerified(LIMITS, numbers(4), Duration.ofSeconds(30), beside));
    changes.put("gray", () -> ana.gray(PRICES, numbers(4), Audience.everyone(), beside));
    changes.put("rollback", () -> ana.rollback(LIMITS, beside));
    changes.put("rollback to", () -> ana.rollback(LIMITS, 1, beside));
    changes.put("policy", () -> ana.setPolicy(LIMITS, Policy.standard(), beside));
    changes.put("delete", () -> ana.delete(LIMITS, beside));
    SoftAssertions all = new SoftAssertions();
    changes.forEach((name, change) ->
        all.assertThatThrownBy(change).as(name).isInstanceOf(ConfigRefusedException.class));
    all.assertAll();
    assertThat(ana.state(LIMITS).orElseThrow().stable()).hasValue(2);
    assertThat(ana.policy(LIMITS)).isEqualTo(ONE);
  }

  @Test
  @Tag("full")
  void repairHead_toAnotherReleaseThanTheHistorySays_needsAnApprovedRequest() throws Exception {
    ana.setPolicy(LIMITS, ONE, ANA);
    damageHead();

    ConfigRefusedException refused = catchThrowableOfType(
        ConfigRefusedException.class,
        () -> ana.maintenance().repairHead(LIMITS, OptionalInt.of(1), ANA));
    assertThat(refused).hasMessageContaining("release 1").hasMessageContaining("0 of 1 approvals");
    assertThatThrownBy(() -> ana.state(LIMITS)).hasMessageContaining("no JSON");
    Drafts.ApprovalRequest request = ana.drafts(LIMITS).submit(refused.request().orElseThrow());
    assertRefused(() -> ana.maintenance().repairHead(LIMITS, OptionalInt.of(1), ANA));
    ben.drafts(LIMITS).approve(request, BEN);

    assertThat(ana.maintenance().repairHead(LIMITS, OptionalInt.of(1), ANA).stable())
        .hasValue(1);
    assertThat(ana.history(LIMITS).entries(1).get(0).approvals()).hasSize(1);
    assertThat(ana.drafts(LIMITS).requests()).isEmpty();
  }

  @Test
  void repairHead_toTheReleaseThatTheHistorySays_needsNoApproval() throws Exception {
    ana.setPolicy(LIMITS, ONE, ANA);
    damageHead();
    assertThat(ana.maintenance().repairHead(LIMITS, OptionalInt.of(2), ANA).stable())
        .hasValue(2);
    damageHead();
    assertThat(ana.maintenance().repairHead(LIMITS, OptionalInt.empty(), ANA).stable())
        .hasValue(2);
  }

  @Test
  void publish_theContentOfAnApprovedDraft_goesThroughAndConsumesIt() throws Exception {
    ana.publish(PRICES, numbers(1), ANA);
    ana.setPolicy(PRICES, ONE, ANA);
    ana.setPolicy(LIMITS, ONE, ANA);
    Map<Namespace, Content> both = Map.of(LIMITS, numbers(7), PRICES, numbers(8));
    for (Namespace ns : both.keySet()) {
      Drafts drafts = ana.drafts(ns);
      drafts.save(drafts.open("sale").withContent(both.get(ns)), ANA);
    }
    assertThatThrownBy(() -> ana.publish(both, ANA))
        .isInstanceOf(ConfigRefusedException.class)
        .hasMessageContaining("the draft sale has 0 of 1 approvals");
    approve(LIMITS);
    assertRefused(() -> ana.publish(both, ANA));
    assertRefused(() -> ana.publish(LIMITS, numbers(9), ANA));
    approve(PRICES);
    assertThat(ana.preview(LIMITS, numbers(7)).problems()).isEmpty();
    assertThat(ana.preview(LIMITS, numbers(9)).problems().toString()).contains("0 of 1 approvals");

    assertThat(ana.publish(both, ANA)).hasSize(2);
    assertThat(ana.state(LIMITS).orElseThrow().stable()).hasValue(3);
    assertThat(ana.history(PRICES).content(2)).isEqualTo(numbers(8));
    assertThat(ana.history(LIMITS).entries(1).get(0).approvals()).hasSize(1);
    assertThat(ana.drafts(LIMITS).list()).isEmpty();
    assertThat(ana.drafts(PRICES).list()).isEmpty();
  }

  @Test
  void publish_theContentOfADraftApprovedOnAnEarlierRelease_isRefused() throws Exception {
    Drafts drafts = ana.drafts(LIMITS);
    drafts.save(drafts.open("sale").withContent(numbers(7)), ANA);
    ana.publish(LIMITS, numbers(3), ANA);
    ana.setPolicy(LIMITS, ONE, ANA);
    approve(LIMITS);

    assertThat(drafts.holding(numbers(7))).isEmpty();
    assertRefused(() -> ana.publish(LIMITS, numbers(7), ANA));
    assertThat(ana.state(LIMITS).orElseThrow().stable()).hasValue(3);
  }

  private void approve(Namespace ns) throws Exception {
    Drafts drafts = ben.drafts(ns);
    drafts.approve(drafts.find("sale").orElseThrow(), BEN);
  }

  private void damageHead() throws Exception {
    ZooKeeper admin = world.plain();
    admin.addAuthInfo("digest", "ana:a-pw".getBytes(UTF_8));
    admin.setData(world.path(LIMITS) + "/head", "garbage".getBytes(UTF_8), -1);
  }

  @Test
  void approve_byTheAuthorUnderAnotherName_isRefused() throws Exception {
    ana.setPolicy(LIMITS, ONE, ANA);
    Drafts drafts = ana.drafts(LIMITS);
    Draft draft = drafts.save(drafts.open("sale").withContent(numbers(7)), ANA);

    assertRefused(() -> drafts.approve(draft, BEN));
    assertRefused(() -> ana.publish(drafts.find("sale").orElseThrow(), ANA));
  }

  @Test
  @Tag("full")
  void approve_byAnEarlierEditorOfTheDraft_isRefused() throws Exception {
    ana.setPolicy(LIMITS, ONE, ANA);
    Drafts drafts = ana.drafts(LIMITS);
    Draft draft = drafts.save(drafts.open("sale").withContent(numbers(7)), ANA);
    Draft edited = ben.drafts(LIMITS).save(draft.withContent(numbers(8)), BEN);

    assertRefused(() -> drafts.approve(edited, ANA));
    assertRefused(() -> ben.drafts(LIMITS).approve(edited, BEN));
  }

  @Test
  void approve_byAnother_letsTheDraftGoThrough() throws Exception {
    ana.setPolicy(LIMITS, ONE, ANA);
    Drafts drafts = ana.drafts(LIMITS);
    Draft draft = drafts.save(drafts.open("sale").withContent(numbers(7)), ANA);
    Draft approved = ben.drafts(LIMITS).approve(draft, ANA); // the name is only a label

    assertThat(ana.publish(approved, ANA).number()).isEqualTo(3);
    History.Entry entry = ana.history(LIMITS).entries(1).get(0);
    assertThat(entry.identities()).containsExactly("digest:ana");
    assertThat(entry.approvals()).hasSize(1);
    assertThat(entry.approvals().get(0).identities()).containsExactly("digest:ben");
    assertThat(entry.overrides()).isEmpty();
  }

  @Test
  void approve_withoutAnIdentity_isRefusedAsAdvisoryOnly() throws Exception {
    ConfigWorld open =
        world.keep(new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot() + "-open"));
    ConfigStore store = open.store();
    store.publish(LIMITS, numbers(1), ANA);

    assertThatThrownBy(() -> store.setPolicy(LIMITS, ONE, ANA))
        .isInstanceOf(ConfigRefusedException.class)
        .hasMessageContaining("advisory");
    Drafts drafts = store.drafts(LIMITS);
    Draft draft = drafts.save(drafts.open("sale").withContent(numbers(7)), ANA);
    assertThatThrownBy(() -> drafts.approve(draft, BEN))
        .isInstanceOf(ConfigRefusedException.class)
        .hasMessageContaining("advisory");
  }

  @Test
  void gray_ofAnApprovedDraft_isPromotedWithoutAnotherApproval() throws Exception {
    ana.setPolicy(LIMITS, ONE, ANA);
    Drafts drafts = ana.drafts(LIMITS);
    Draft draft = drafts.save(drafts.open("sale").withContent(numbers(7)), ANA);
    Rollout plan = Rollout.of(Audience.instances("x"));
    assertRefused(() -> ana.gray(draft, "sale", plan, ANA));
    Draft approved = ben.drafts(LIMITS).approve(draft, BEN);

    GrayRelease gray = ana.gray(approved, "sale", plan, ANA);
    gray.widen(Audience.everyone(), ANA);
    gray.promote(ANA);

    assertThat(ana.state(LIMITS).orElseThrow().stable()).hasValue(4);
    assertThat(ana.history(LIMITS).entries(1).get(0).approvals()).hasSize(1);
  }

  @Test
  @Tag("full")
  void publishVerified_ofAnApprovedDraft_removesItWhenItIsStable() throws Exception {
    ana.setPolicy(LIMITS, ONE, ANA);
    Drafts drafts = ana.drafts(LIMITS);
    Draft draft = drafts.save(drafts.open("sale").withContent(numbers(7)), ANA);
    assertRefused(() -> ana.publishVerified(draft, ConfigWorld.LONG, ANA));
    Draft approved = ben.drafts(LIMITS).approve(draft, BEN);

    assertThat(ana.publishVerified(approved, ConfigWorld.LONG, ANA).number()).isEqualTo(3);
    assertThat(drafts.list()).isEmpty();
    assertThat(ana.state(LIMITS).orElseThrow().stable()).hasValue(3);
  }

  @Test
  void request_approvedByAnother_allowsThatChangeOnceAndNoOther() throws Exception {
    ana.setPolicy(LIMITS, ONE, ANA);
    Drafts.ApprovalRequest request = requestOf(() -> ana.rollback(LIMITS, ANA));
    assertThat(request.action()).isEqualTo(History.Action.ROLLBACK);
    assertThat(request.subject()).isEqualTo("to release 1");
    Drafts.ApprovalRequest stored = ana.drafts(LIMITS).submit(request);
    assertThat(ben.drafts(LIMITS).requests()).hasSize(1);
    assertRefused(() -> ana.drafts(LIMITS).approve(stored, BEN));
    assertRefused(() -> ana.rollback(LIMITS, ANA));

    ben.drafts(LIMITS).approve(ben.drafts(LIMITS).request(stored.id()).orElseThrow(), BEN);
    assertRefused(() -> ana.delete(LIMITS, ANA));
    assertThat(ana.rollback(LIMITS, ANA).number()).isEqualTo(3);

    assertThat(ben.drafts(LIMITS).requests()).isEmpty();
    assertThat(ana.history(LIMITS).entries(1).get(0).approvals())
        .extracting(Drafts.Approval::label)
        .containsExactly("ben");
    assertRefused(() -> ana.rollback(LIMITS, 2, ANA));
  }

  @Test
  @Tag("full")
  void request_approvedForAnotherSituation_allowsNothing() throws Exception {
    ana.setPolicy(LIMITS, ONE, ANA);
    Drafts.ApprovalRequest stored =
        ana.drafts(LIMITS).submit(requestOf(() -> ana.rollback(LIMITS, 1, ANA)));
    ben.drafts(LIMITS).approve(stored, BEN);
    ben.publish(LIMITS, numbers(5), BEN.overrideApprovals());

    assertThatThrownBy(() -> ana.rollback(LIMITS, 1, ANA))
        .isInstanceOf(ConfigRefusedException.class)
        .hasMessageContaining("has changed since");
    Drafts.ApprovalRequest again =
        ana.drafts(LIMITS).submit(requestOf(() -> ana.rollback(LIMITS, 1, ANA)));
    assertThat(again.approvals()).isEmpty();
  }

  @Test
  @Tag("full")
  void policy_approved_isKeptInTheAuditBeforeAndAfter() throws Exception {
    ana.setPolicy(LIMITS, ONE, ANA);
    Policy looser = Policy.standard().withSecrets("token");
    Drafts.ApprovalRequest request =
        ana.drafts(LIMITS).submit(requestOf(() -> ana.setPolicy(LIMITS, looser, ANA)));
    assertThat(request.policy()).contains(looser);
    ben.drafts(LIMITS).approve(request, BEN);
    assertRefused(() -> ana.setPolicy(LIMITS, Policy.standard(), ANA));
    ana.setPolicy(LIMITS, looser, ANA);

    History.Entry entry = ana.history(LIMITS).entries(1).get(0);
    assertThat(entry.policyBefore()).contains(ONE);
    assertThat(entry.policyAfter()).contains(looser);
    assertThat(entry.approvals()).hasSize(1);
    assertThat(ana.history(LIMITS).verify().problems()).isEmpty();
    assertThat(ana.publish(LIMITS, numbers(9), ANA).number()).isEqualTo(3);
  }

  @Test
  void override_withAReason_goesThroughAndIsInTheAudit() throws Exception {
    ana.setPolicy(LIMITS, ONE, ANA);
    Change silent = Change.by("ana").overrideApprovals();
    assertThatThrownBy(() -> ana.rollback(LIMITS, silent))
        .isInstanceOf(ConfigRefusedException.class)
        .hasMessageContaining("needs a reason");

    ana.rollback(LIMITS, silent.because("orders fail"));

    History.Entry entry = ana.history(LIMITS).entries(1).get(0);
    assertThat(entry.overrides()).containsExactly("approvals");
    assertThat(entry.message()).isEqualTo("orders fail");
    assertThat(entry.identities()).containsExactly("digest:ana");
  }

  @Test
  @Tag("full")
  void advisoryApprovals_acceptedByThePolicy_compareNames() throws Exception {
    ConfigWorld open =
        world.keep(new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot() + "-open"));
    ConfigStore store = open.store();
    store.publish(LIMITS, numbers(1), ANA);
    store.setPolicy(LIMITS, ONE.withAdvisoryApprovals(true), ANA);
    Drafts drafts = store.drafts(LIMITS);
    Draft draft = drafts.save(drafts.open("sale").withContent(numbers(7)), ANA);

    assertRefused(() -> drafts.approve(draft, ANA));
    assertThat(store.publish(drafts.approve(draft, BEN), ANA).number()).isEqualTo(2);
    assertThat(store.history(LIMITS).entries(1).get(0).approvals().get(0).isAdvisory())
        .isTrue();
  }

  @Test
  @Tag("full")
  void deleteRestoreAndPurge_eachNeedTheirOwnApproval() throws Exception {
    ana.setPolicy(LIMITS, ONE, ANA);
    approved(() -> ana.delete(LIMITS, ANA));
    ana.delete(LIMITS, ANA);
    approved(() -> ana.restore(LIMITS, ANA));
    ana.restore(LIMITS, ANA);
    approved(() -> ana.delete(LIMITS, ANA));
    ana.delete(LIMITS, ANA);
    approved(() -> ana.maintenance().purge(LIMITS, Duration.ZERO, ANA));
    ana.maintenance().purge(LIMITS, Duration.ZERO, ANA);
    assertThat(ana.state(LIMITS)).isEmpty();
  }

  private void approved(ThrowingCallable change) throws Exception {
    Drafts.ApprovalRequest stored = ana.drafts(LIMITS).submit(requestOf(change));
    ben.drafts(LIMITS).approve(stored, BEN);
  }

  private static Drafts.ApprovalRequest requestOf(ThrowingCallable change) {
    ConfigRefusedException refused = catchThrowableOfType(ConfigRefusedException.class, change);
    return refused.request().orElseThrow();
  }
}
