package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.BOB;
import static io.zookit.config.ConfigWorld.LIMITS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("full")
class DraftIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private final ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot());
  private final ConfigStore store = world.store();

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void publish_aDraft_removesItInTheSameTransaction() throws Exception {
    store.publish(LIMITS, Content.properties("a=1\nb=1\n"), ANA);
    Draft draft = store.drafts(LIMITS).open("sale");
    draft = store.drafts(LIMITS).save(draft.withContent(draft.content().with("a", "2")), ANA);

    assertThat(store.publish(draft, ANA).number()).isEqualTo(2);
    assertThat(store.drafts(LIMITS).list()).isEmpty();
    assertThat(store.history(LIMITS).content(2).values()).containsEntry("a", "2");
  }

  @Test
  void publish_aDraftOnAnOlderRelease_isAConflictUntilRebased() throws Exception {
    store.publish(LIMITS, Content.properties("a=1\nb=1\nc=1\n"), ANA);
    Drafts drafts = store.drafts(LIMITS);
    Draft mine = drafts.open("mine");
    mine = drafts.save(mine.withContent(mine.content().with("a", "2")), ANA);
    store.publish(LIMITS, Content.properties("a=1\nb=2\nc=1\n"), BOB);
    Draft stale = mine;

    assertThatThrownBy(() -> store.publish(stale, ANA)).isInstanceOf(ConfigConflictException.class);
    Drafts.Rebase rebase = drafts.rebase(mine);
    assertThat(rebase.conflicts()).isEmpty();
    assertThat(store.publish(drafts.save(rebase.draft(), ANA), ANA).number()).isEqualTo(3);
    assertThat(store.history(LIMITS).content(3).text()).isEqualTo("a=2\nb=2\nc=1\n");
  }

  @Test
  void save_byTwoEditors_tellsTheSecondWhatTheFirstDid() throws Exception {
    store.publish(LIMITS, Content.properties("a=1\n"), ANA);
    Drafts drafts = store.drafts(LIMITS);
    Draft first = drafts.save(drafts.open("shared"), ANA);
    Draft mine = drafts.open("shared");
    drafts.save(first.withContent(Content.properties("a=2\n")), BOB);

    ConfigConflictException conflict = catchThrowableOfType(
        ConfigConflictException.class,
        () -> drafts.save(mine.withContent(Content.properties("a=3\n")), ANA));

    assertThat(conflict.theirs().toString()).contains("after=2");
    assertThat(conflict.mine().toString()).contains("after=3");
    assertThatThrownBy(() -> drafts.discard(mine)).isInstanceOf(ConfigConflictException.class);
    ConfigConflictException late =
        catchThrowableOfType(ConfigConflictException.class, () -> store.publish(mine, ANA));
    assertThat(late.theirs().toString()).contains("before=1, after=2");
  }

  /** The new node counts its versions from zero. */
  @Test
  void save_overADraftMadeAnewByAnother_isAConflict() throws Exception {
    store.publish(LIMITS, Content.properties("a=1\n"), ANA);
    Drafts drafts = store.drafts(LIMITS);
    Draft old = drafts.save(drafts.open("main").withContent(Content.properties("a=2\n")), ANA);
    store.publish(drafts.open("main"), BOB);
    Draft other = drafts.save(drafts.open("main").withContent(Content.properties("a=3\n")), BOB);

    assertThatThrownBy(() -> drafts.save(old.withContent(Content.properties("a=4\n")), ANA))
        .isInstanceOf(ConfigConflictException.class);
    assertThatThrownBy(() -> drafts.approve(old, BOB)).isInstanceOf(ConfigConflictException.class);
    assertThatThrownBy(() -> drafts.discard(old)).isInstanceOf(ConfigConflictException.class);
    assertThat(drafts.find("main").orElseThrow().content()).isEqualTo(other.content());
    assertThat(store.publish(other, BOB).number()).isEqualTo(3);
  }

  @Test
  void publish_aDraftThatWasDiscardedAndMadeAnew_isAConflict() throws Exception {
    store.publish(LIMITS, Content.properties("a=1\n"), ANA);
    Drafts drafts = store.drafts(LIMITS);
    Draft old = drafts.save(drafts.open("main").withContent(Content.properties("a=2\n")), ANA);
    drafts.discard(drafts.open("main"));
    drafts.save(drafts.open("main").withContent(Content.properties("a=3\n")), BOB);

    assertThatThrownBy(() -> store.publish(old, ANA)).isInstanceOf(ConfigConflictException.class);
    assertThat(store.state(LIMITS).orElseThrow().stable()).hasValue(1);
    assertThat(drafts.find("main").orElseThrow().author()).isEqualTo("bob");
  }

  @Test
  @Tag("full")
  void save_whoseAnswerIsLost_isNoConflict() throws Exception {
    store.publish(LIMITS, Content.properties("a=1\n"), ANA);
    FaultProxy proxy = world.proxy();
    ConfigStore cut = ConfigStore.in(world.client(proxy.connectString(), Duration.ofSeconds(10)));
    Drafts drafts = cut.drafts(LIMITS);
    Fault made = proxy.cutAfter(Op.CREATE2, 1);
    Draft draft = drafts.save(drafts.open("sale"), ANA);
    Fault written = proxy.cutAfter(Op.SET_DATA, 1);

    draft = drafts.save(draft.withContent(Content.properties("a=2\n")), ANA);

    assertThat(made.landed()).isTrue();
    assertThat(written.landed()).isTrue();
    assertThat(drafts.find("sale").orElseThrow().content().text()).isEqualTo("a=2\n");
    assertThat(cut.publish(draft, ANA).number()).isEqualTo(2);
  }

  @Test
  void publish_withoutTheApprovalsOfThePolicy_isRefused() throws Exception {
    store.publish(LIMITS, Content.properties("a=1\n"), ANA);
    store.setPolicy(LIMITS, Policy.standard().withApprovals(1).withAdvisoryApprovals(true), ANA);
    Drafts drafts = store.drafts(LIMITS);
    Draft draft = drafts.save(drafts.open("sale").withContent(Content.properties("a=2\n")), ANA);

    assertThatThrownBy(() -> store.publish(draft, ANA)).isInstanceOf(ConfigRefusedException.class);
    assertThatThrownBy(() -> drafts.approve(draft, ANA)).isInstanceOf(ConfigRefusedException.class);
    Draft approved = drafts.approve(draft, BOB);
    assertThat(approved.approvals()).extracting(Drafts.Approval::label).containsExactly("bob");
    Draft edited = drafts.save(approved.withContent(Content.properties("a=3\n")), ANA);
    assertThat(edited.approvals()).isEmpty();
    assertThat(store.publish(drafts.approve(edited, BOB), ANA).number()).isEqualTo(2);
  }
}
