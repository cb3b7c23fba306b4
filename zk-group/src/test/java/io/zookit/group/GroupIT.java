package io.zookit.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.FencingToken;
import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GroupIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final GroupWorld world = new GroupWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private final ZkClient one = world.client("one");
  private final ZkClient two = world.client("two");

  private GroupUser join(ZkClient client, String id, int partitions) throws Exception {
    return world.keep(GroupUser.join(client, id, partitions));
  }

  private static void awaitCovered(int partitions, GroupUser... users) {
    await().atMost(GroupWorld.LONG).until(() -> GroupUser.isCovered(partitions, List.of(users)));
  }

  private static void awaitSize(GroupUser user, int size) {
    await().atMost(GroupWorld.LONG).until(() -> user.valid().size() == size);
  }

  @Test
  void own_twoMembers_shareAllPartitionsAndInterruptNoOther() throws Exception {
    GroupUser first = join(one, "a", 16);
    awaitCovered(16, first);
    Map<Integer, FencingToken> before = new TreeMap<>(first.tokens);

    GroupUser second = join(two, "b", 16);

    awaitSize(second, 8);
    awaitCovered(16, first, second);
    assertThat(first.interrupted).hasValue(8);
    second.tokens.forEach((index, token) ->
        assertThat(token.isAfter(Objects.requireNonNull(before.get(index)))).isTrue());
    for (int index : first.valid()) {
      assertThat(first.tokens).containsEntry(index, before.get(index));
    }
  }

  @Test
  @Tag("full")
  void close_partitionsGoToTheOthers_andNothingIsLeft() throws Exception {
    GroupUser first = join(one, "a", 16);
    GroupUser second = join(two, "b", 16);
    awaitCovered(16, first, second);

    first.close();

    awaitSize(second, 16);
    assertThat(first.membership.state()).isEqualTo(MembershipState.LEFT);
    second.close();
    world.operate(admin -> {
      await()
          .atMost(GroupWorld.LONG)
          .until(() -> admin.getChildren(world.path("g") + "/~m", false).isEmpty());
      for (int bucket = 0; bucket < 16; bucket++) {
        assertThat(admin.getChildren(world.path("g") + "/~h/1/" + bucket, false))
            .isEmpty();
      }
    });
  }

  @Test
  @Tag("full")
  void join_thirdMember_interruptsOnlyWhatMoves() throws Exception {
    GroupUser first = join(one, "a", 60);
    GroupUser second = join(two, "b", 60);
    awaitSize(second, 30);
    awaitCovered(60, first, second);
    int before = first.interrupted.get() + second.interrupted.get();

    GroupUser third = join(world.client("three"), "c", 60);

    awaitSize(third, 20);
    awaitCovered(60, first, second, third);
    assertThat(first.interrupted.get() + second.interrupted.get() - before).isEqualTo(20);
  }

  @Test
  void own_otherCount_isRefusedWithBoth() throws Exception {
    join(one, "a", 16);
    Membership other = world.keep(Group.named("g", two).join(Member.id("b")));
    assertThatThrownBy(() -> other.own(Partitions.of(17), partition -> {}, Handover.untilDone()))
        .isInstanceOf(GroupMismatchException.class)
        .hasMessage("group g: 17 partitions (expected: 16, as stored)");
    assertThatThrownBy(() -> Group.named("g", two).join(Member.id("b")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  @Tag("full")
  void follow_showsThePlan() throws Exception {
    GroupUser first = join(one, "a", 16);
    awaitCovered(16, first);
    LiveValue<GroupView> view = world.keep(Group.named("g", two).follow());
    assertThat(view.awaitReady(GroupWorld.LONG).current().owners()).hasSize(16);
    assertThat(view.current().ownerOf("some key")).contains("a");

    join(two, "b", 16);

    await().atMost(GroupWorld.LONG).until(() -> view.current().members().size() == 2);
    assertThat(view.current().members())
        .containsExactly(new GroupMember("a", true, 8), new GroupMember("b", true, 8));
  }

  @Test
  @Tag("full")
  void fenced_afterAnotherClaim_changesNothing() throws Exception {
    GroupUser first = join(one, "a", 1);
    awaitSize(first, 1);
    Partition old = Objects.requireNonNull(first.running.get(0));
    old.fenced().create(world.root() + "/x", new byte[] {1}).commit().get(60, TimeUnit.SECONDS);
    PartitionTransaction late = old.fenced().setData(world.root() + "/x", new byte[] {2}, -1);
    first.close();
    GroupUser second = join(two, "b", 1);
    awaitSize(second, 1);

    assertThat(old.isValid()).isFalse();
    assertThatThrownBy(() -> late.commit().get(60, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(PartitionLostException.class);
    assertThat(second.token(0).isAfter(old.token())).isTrue();
    world.operate(
        admin -> assertThat(admin.getData(world.root() + "/x", false, null)).containsExactly(1));
  }

  @Test
  @Tag("full")
  void join_sameIdTwice_endsTheOlderOne() throws Exception {
    GroupUser first = join(one, "a", 16);
    awaitCovered(16, first);

    GroupUser second = join(two, "a", 16);

    awaitSize(second, 16);
    await()
        .atMost(GroupWorld.LONG)
        .until(() -> first.membership.state() == MembershipState.SUPERSEDED);
    assertThat(first.valid()).isEmpty();
    assertThat(second.membership.state()).isEqualTo(MembershipState.JOINED);
  }

  @Test
  @Tag("full")
  void claim_deletedByAnOperator_isLostAndClaimedAgain() throws Exception {
    GroupUser first = join(one, "a", 4);
    awaitCovered(4, first);
    FencingToken before = first.token(2);

    world.operate(admin -> admin.delete(world.path("g") + "/~h/1/2/2", -1));

    await()
        .atMost(GroupWorld.LONG)
        .until(() -> first.valid().size() == 4 && first.token(2).isAfter(before));
    assertThat(first.interrupted).hasValue(1);
  }

  @Test
  @Tag("full")
  void recordAndMemberAndPlan_deletedByAnOperator_nothingStops() throws Exception {
    GroupUser first = join(one, "a", 4);
    awaitCovered(4, first);
    world.operate(admin -> {
      admin.delete(world.path("g") + "/~o/1/2/2", -1);
      String member = admin.getChildren(world.path("g") + "/~m", false).get(0);
      admin.delete(world.path("g") + "/~m/" + member, -1);
      admin.delete(world.path("g") + "/~plan", -1);
    });

    GroupUser second = join(two, "b", 4);

    awaitSize(second, 2);
    awaitCovered(4, first, second);
    assertThat(first.interrupted).hasValue(2);
    first.close();
    awaitSize(second, 4);
  }

  @Test
  @Tag("full")
  void plan_damaged_everythingStaysAndFreeOnesAreClaimed() throws Exception {
    GroupUser first = join(one, "a", 8);
    GroupUser second = join(two, "b", 8);
    awaitSize(second, 4);
    awaitCovered(8, first, second);
    int before = second.interrupted.get();
    world.operate(admin -> admin.setData(world.path("g") + "/~plan", new byte[] {'x'}, -1));

    first.close();

    awaitSize(second, 8); // claimed without a plan
    assertThat(second.interrupted).hasValue(before);
  }

  @Test
  @Tag("full")
  void handler_throws_isTriedElsewhereAndOthersGoOn() throws Exception {
    Membership first = world.keep(Group.named("g", one).join(Member.id("a")));
    Ownership failing = first.own(
        Partitions.of(2),
        partition -> {
          throw new IllegalStateException("broken here");
        },
        Handover.drain(Duration.ofSeconds(1)));
    await()
        .atMost(GroupWorld.LONG)
        .until(() -> failing.partitions().stream()
                .filter(each -> each.state() == PartitionState.FAILED)
                .count()
            == 2);

    GroupUser second = join(two, "b", 2);

    awaitSize(second, 2);
  }

  @Test
  @Tag("full")
  void handler_ignoresTheInterrupt_isReleasedAfterTheDrainAndNotClaimedHere() throws Exception {
    Membership first = world.keep(Group.named("g", one).join(Member.id("a")));
    CountDownLatch end = new CountDownLatch(1);
    Ownership stuck = first.own(
        Partitions.of(2),
        partition -> {
          boolean over = false;
          while (!over) {
            try {
              over = end.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              // goes on, as a handler must not
            }
          }
        },
        Handover.drain(Duration.ofMillis(500)));
    await()
        .atMost(GroupWorld.LONG)
        .until(() -> stuck.partitions().stream()
                .filter(each -> each.state() == PartitionState.OWNED)
                .count()
            == 2);

    GroupUser second = join(two, "b", 2);

    awaitSize(second, 1);
    await()
        .atMost(GroupWorld.LONG)
        .until(() ->
            stuck.partitions().stream().anyMatch(each -> each.state() == PartitionState.LOST));
    second.close();
    assertThat(stuck.partitions()).anyMatch(each -> each.state() == PartitionState.LOST);
    end.countDown();
    await()
        .atMost(GroupWorld.LONG)
        .until(() -> Set.copyOf(
                stuck.partitions().stream().map(PartitionStatus::state).toList())
            .equals(Set.of(PartitionState.OWNED)));
  }
}
