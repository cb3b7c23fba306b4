package io.zookit.config.internal.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.config.Change;
import io.zookit.config.ConfigRefusedException;
import io.zookit.config.History;
import io.zookit.config.Namespace;
import io.zookit.config.Policy;
import io.zookit.config.internal.head.HeadChange;
import io.zookit.config.internal.head.HeadUpdate;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.ReleaseRef;
import io.zookit.config.internal.model.StoredHead;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PublishPlanTest {

  private static final Namespace PRICES = Namespace.of("prod", "shop", "prices");
  private static final Namespace LIMITS = Namespace.of("prod", "shop", "limits");
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final Change ANA = Change.by("ana");
  private static final Head STABLE = HeadUpdate.of(
          StoredHead.absent(1, 4, 2, NOW).head())
      .state(Head.State.ACTIVE)
      .stable(new ReleaseRef(2, "aa"))
      .build("p1", ANA, NOW, "");
  private static final Head WITH_GRAY = grayOf(STABLE);

  @Test
  void requirePublishable_stableAndNothingElse_passes() {
    assertThatCode(() -> require(STABLE, Policy.standard(), ANA)).doesNotThrowAnyException();
  }

  @Test
  void requirePublishable_deleted_isRefused() {
    Head deleted = HeadUpdate.of(STABLE).state(Head.State.DELETED).build("p2", ANA, NOW, "");
    assertThatThrownBy(() -> require(deleted, Policy.standard(), ANA))
        .isInstanceOf(ConfigRefusedException.class)
        .hasMessageContaining("restore it first");
  }

  @Test
  void requirePublishable_candidate_isRefusedWhateverTheChangeOverrides() {
    Head voting = HeadUpdate.of(STABLE)
        .candidate(new Head.CandidateRelease(new ReleaseRef(3, "bb"), NOW))
        .build("p2", ANA, NOW, "");
    Change all = ANA.allowOpenGrays().abortGrays().overrideFreeze();
    assertThatThrownBy(() -> require(voting, Policy.standard(), all))
        .isInstanceOf(ConfigRefusedException.class)
        .hasMessageContaining("release 3 is being voted on");
  }

  @Test
  void requirePublishable_openGray_needsAChangeThatLeavesOrEndsIt() {
    assertThatThrownBy(() -> require(WITH_GRAY, Policy.standard(), ANA))
        .isInstanceOf(ConfigRefusedException.class)
        .hasMessageContaining("canary");
    assertThatCode(() -> require(WITH_GRAY, Policy.standard(), ANA.allowOpenGrays()))
        .doesNotThrowAnyException();
    assertThatCode(() -> require(WITH_GRAY, Policy.standard(), ANA.abortGrays()))
        .doesNotThrowAnyException();
  }

  @Test
  void requirePublishable_freeze_isRefusedFromItsFirstInstantToBeforeItsEnd() {
    Policy.Freeze freeze = new Policy.Freeze(NOW, NOW.plus(Duration.ofHours(1)), "sale");
    Policy frozen = Policy.standard().withFreezes(freeze);
    assertThatThrownBy(() -> require(STABLE, frozen, ANA)).hasMessageContaining("sale");
    assertThatCode(() -> require(STABLE, frozen, ANA.overrideFreeze())).doesNotThrowAnyException();
    assertThatCode(() -> PublishPlan.requirePublishable(
            PRICES, STABLE, frozen, ANA, NOW.plus(Duration.ofHours(1))))
        .doesNotThrowAnyException();
  }

  @Test
  void endingGrays_changeThatAborts_leavesTheStoredHeadAsItIs() {
    StoredHead stored = new StoredHead(WITH_GRAY, 7);
    HeadChange ending =
        PublishPlan.endingGrays(PRICES, stored, ANA.abortGrays()).orElseThrow();
    assertThat(ending.aborted()).containsExactly("canary");
    assertThat(ending.headAfter("p3", ANA, NOW, "").grays()).isEmpty();
    assertThat(stored.head().grays()).hasSize(1);
    assertThat(PublishPlan.endingGrays(PRICES, stored, ANA)).isEmpty();
    assertThat(PublishPlan.endingGrays(PRICES, new StoredHead(STABLE, 7), ANA.abortGrays()))
        .isEmpty();
  }

  @Test
  void together_severalNamespaces_eachHeadNamesAllRevisions() {
    List<HeadChange> both = PublishPlan.together("p4", List.of(pinning(PRICES), pinning(LIMITS)));
    assertThat(both)
        .extracting(change -> change.headAfter("p4", ANA, NOW, "").bundle())
        .containsOnly(new Head.Bundle("p4", Map.of(PRICES.toString(), 6L, LIMITS.toString(), 6L)));
    HeadChange alone = PublishPlan.together("p5", List.of(pinning(PRICES))).get(0);
    assertThat(alone.headAfter("p5", ANA, NOW, "").bundle()).isNull();
  }

  private static HeadChange pinning(Namespace ns) {
    return HeadChange.of(
        ns, new StoredHead(STABLE, 1), HeadUpdate.of(STABLE).pin(2), History.Action.PIN);
  }

  private static void require(Head head, Policy policy, Change change) {
    PublishPlan.requirePublishable(PRICES, head, policy, change, NOW);
  }

  private static Head grayOf(Head head) {
    return new Head(
        head.epoch(),
        head.revision(),
        head.lastRelease(),
        head.state(),
        head.stable(),
        List.of(Map.of("name", "canary")),
        null,
        head.pins(),
        head.layers(),
        null,
        "",
        "",
        "p1",
        "ana",
        NOW,
        "",
        null,
        null,
        null);
  }
}
