package io.zookit.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zookit.core.LiveValue;
import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Reports of groups, and changes by operators. */
@Tag("full")
class GroupInspectorIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final GroupWorld world = new GroupWorld(zooKeeper.server(), zooKeeper.freshRoot());

  private final ZkClient one = world.client("one");
  private final ZkClient two = world.client("two");
  private final GroupInspector groups = GroupInspector.in(world.client("operator"));

  private GroupUser join(ZkClient client, Member member, int partitions) throws Exception {
    return world.keep(GroupUser.join(client, member, partitions));
  }

  private static void awaitCovered(int partitions, GroupUser... users) {
    await().atMost(GroupWorld.LONG).until(() -> GroupUser.isCovered(partitions, List.of(users)));
  }

  @Test
  void show_twoMembers_hasWhatEachOwns() throws Exception {
    assertThat(groups.list()).isEmpty();
    assertThatThrownBy(() -> groups.show("g"))
        .isInstanceOf(GroupNotFoundException.class)
        .hasMessage("group g: has no partitions");
    GroupUser first = join(one, Member.id("a").weight(3).zone("z"), 8);
    awaitCovered(8, first);
    GroupUser second = join(two, Member.id("b"), 8);
    await().atMost(GroupWorld.LONG).until(() -> second.valid().size() == 2);
    awaitCovered(8, first, second);

    GroupReport report = groups.show("g");

    assertThat(groups.list()).containsExactly("g");
    assertThat(report.unowned()).isZero();
    assertThat(report.planReadable()).isTrue();
    assertThat(report.planner().orElseThrow().id()).isIn("a", "b");
    MemberReport a = report.members().stream()
        .filter(member -> member.id().equals("a"))
        .findFirst()
        .orElseThrow();
    assertThat(a.weight()).isEqualTo(3);
    assertThat(a.zone()).contains("z");
    assertThat(a.owned()).isEqualTo(6);
    assertThat(a.label()).isEqualTo("one");
    for (int partition : second.valid()) {
      PartitionReport owned = report.partitions().get(partition);
      assertThat(owned.owner()).contains("b");
      assertThat(owned.isSettled()).isTrue();
      assertThat(owned.token()).contains(second.token(partition));
    }
  }

  @Test
  void move_partition_goesToTheMemberAndStaysUntilItsEnd() throws Exception {
    GroupUser first = join(one, Member.id("a"), 6);
    GroupUser second = join(two, Member.id("b"), 6);
    await().atMost(GroupWorld.LONG).until(() -> second.valid().size() == 3);
    awaitCovered(6, first, second);
    int moved = first.valid().iterator().next();

    GroupReport report = groups.move("g", moved, "b", Duration.ofHours(1));

    assertThat(report.partitions().get(moved).pin().map(PartitionPin::member)).contains("b");
    await().atMost(GroupWorld.LONG).until(() -> second.valid().contains(moved));
    await().atMost(GroupWorld.LONG).until(() -> second.valid().size() == 3);
    awaitCovered(6, first, second);
    int other = second.valid().stream().filter(p -> p != moved).findFirst().orElseThrow();
    groups.move("g", other, "b", Duration.ofHours(1));
    for (int partition : Set.copyOf(first.valid())) {
      groups.move("g", partition, "b", Duration.ofHours(1));
    }
    await().atMost(GroupWorld.LONG).until(() -> second.valid().size() >= 5);
    awaitCovered(6, first, second);

    for (int partition = 0; partition < 6; partition++) {
      report = groups.endMove("g", partition);
    }

    assertThat(report.partitions()).noneMatch(partition -> partition.pin().isPresent());
    await().atMost(GroupWorld.LONG).until(() -> second.valid().size() == 3);
    awaitCovered(6, first, second);
  }

  @Test
  void move_itsTimeEnds_isBalancedAgain() throws Exception {
    GroupUser first = join(one, Member.id("a"), 2);
    GroupUser second = join(two, Member.id("b"), 2);
    await().atMost(GroupWorld.LONG).until(() -> second.valid().size() == 1);
    awaitCovered(2, first, second);
    groups.move("g", 0, "b", Duration.ofSeconds(8));
    groups.move("g", 1, "b", Duration.ofSeconds(8));
    await().atMost(GroupWorld.LONG).until(() -> second.valid().size() == 2);

    await().atMost(GroupWorld.LONG).until(() -> first.valid().size() == 1);

    awaitCovered(2, first, second);
  }

  @Test
  void move_badArguments_areRefused() throws Exception {
    GroupUser first = join(one, Member.id("a"), 4);
    awaitCovered(4, first);
    assertThatThrownBy(() -> groups.move("g", 4, "a", Duration.ofHours(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("partition: 4 (expected: 0 to 3)");
    assertThatThrownBy(() -> groups.move("g", 1, "c", Duration.ofHours(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("member: c (expected: one of [a])");
    assertThatThrownBy(() -> groups.move("g", 1, "a", Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("time: PT0S (expected: more than zero, at most PT8784H)");
    assertThatThrownBy(() -> groups.move("h", 1, "a", Duration.ofHours(1)))
        .isInstanceOf(GroupNotFoundException.class);
    assertThatThrownBy(() -> groups.timeout(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("timeout: PT0S (expected: more than zero)");
  }

  @Test
  void replan_damagedPlan_isWrittenAgainAndNothingStops() throws Exception {
    GroupUser first = join(one, Member.id("a"), 4);
    GroupUser second = join(two, Member.id("b"), 4);
    await().atMost(GroupWorld.LONG).until(() -> second.valid().size() == 2);
    awaitCovered(4, first, second);
    int interrupted = first.interrupted.get() + second.interrupted.get();
    world.operate(admin -> admin.setData(world.path("g") + "/~plan", new byte[] {'x'}, -1));
    assertThat(groups.show("g").planReadable()).isFalse();

    groups.replan("g");

    await()
        .atMost(GroupWorld.LONG)
        .until(() -> groups.show("g").partitions().stream().allMatch(PartitionReport::isSettled));
    assertThat(first.interrupted.get() + second.interrupted.get()).isEqualTo(interrupted);
  }

  @Test
  void follow_claims_showsWhatIsOwned() throws Exception {
    LiveValue<GroupView> claims = world.keep(Group.named("g", two).follow(OwnerSource.CLAIMS));
    assertThat(claims.awaitReady(GroupWorld.LONG).current().count()).isZero();
    Membership plain = world.keep(Group.named("g", one).join(Member.id("a")));
    GroupUser second = join(two, Member.id("b"), 4);
    awaitCovered(4, second);

    await().atMost(GroupWorld.LONG).until(() -> claims.current().owners().size() == 4);
    assertThat(claims.current().ownerOf("key")).contains("b");
    await()
        .atMost(GroupWorld.LONG)
        .until(() -> claims
            .current()
            .members()
            .equals(List.of(new GroupMember("a", true, 0), new GroupMember("b", true, 4))));
    assertThat(plain.state()).isEqualTo(MembershipState.JOINED);
    second.close();

    await().atMost(GroupWorld.LONG).until(() -> claims.current().owners().isEmpty());
    assertThat(claims.current().ownerOf(0)).isEqualTo(Optional.empty());
    assertThat(claims.current().count()).isEqualTo(4);
  }

  @Test
  void resize_whileOwned_beginsTheNewEpochWhenNothingIsOwned() throws Exception {
    GroupUser first = join(one, Member.id("a"), 8);
    GroupUser second = join(two, Member.id("b"), 8);
    await().atMost(GroupWorld.LONG).until(() -> second.valid().size() == 4);
    awaitCovered(8, first, second);

    groups.resize("g", 20);

    await().atMost(GroupWorld.LONG).until(() -> groups.show("g").partitions().size() == 20);
    awaitCovered(20, first, second);
    assertThat(first.valid()).hasSize(10);
    assertThat(groups.show("g").resizing()).isEmpty();
    Membership late = world.keep(Group.named("g", world.client("three")).join(Member.id("c")));
    assertThatThrownBy(() -> late.own(Partitions.of(8), partition -> {}, Handover.untilDone()))
        .isInstanceOf(GroupMismatchException.class)
        .hasMessage("group g: 8 partitions (expected: 20, as stored)");
    world.operate(admin -> {
      long begun = admin.exists(world.path("g") + "/~spec", false).getMzxid();
      for (int partition = 0; partition < 20; partition++) {
        GroupUser owner = first.valid().contains(partition) ? first : second;
        assertThat(owner.token(partition).zxid()).isGreaterThan(begun);
      }
      assertThat(admin.getChildren(world.path("g") + "/~h", false)).containsExactly("2");
      await()
          .atMost(GroupWorld.LONG)
          .until(() -> admin.exists(world.path("g") + "/~o/1", false) == null);
    });
    first.close();
    await().atMost(GroupWorld.LONG).until(() -> second.valid().size() == 20);
  }

  @Test
  void resize_aHandlerGoesOn_waitsForItAndCanBeWithdrawn() throws Exception {
    Membership slow = world.keep(Group.named("g", one).join(Member.id("a")));
    CountDownLatch end = new CountDownLatch(1);
    Set<Integer> running = ConcurrentHashMap.newKeySet();
    Ownership owned = slow.own(
        Partitions.of(4),
        partition -> {
          running.add(partition.index());
          end.await();
        },
        Handover.untilDone());
    await().atMost(GroupWorld.LONG).until(() -> running.size() == 4);

    groups.resize("g", 2);

    await()
        .atMost(GroupWorld.LONG)
        .until(() -> owned.partitions().stream()
            .allMatch(status -> status.state() == PartitionState.DRAINING));
    assertThat(groups.show("g").resizing()).contains(2);
    assertThat(groups.show("g").unowned()).isZero();
    assertThat(groups.resize("g", 4).resizing()).isEmpty();
    end.countDown();
    await()
        .atMost(GroupWorld.LONG)
        .until(() -> owned.partitions().stream()
                .filter(status -> status.state() == PartitionState.OWNED)
                .count()
            == 4);
    assertThat(groups.show("g").partitions()).hasSize(4);
  }

  @Test
  void own_fewerPartitionsWhileOwned_isRefusedAndNothingChanges() throws Exception {
    GroupUser first = join(one, Member.id("a"), 16);
    awaitCovered(16, first);
    Membership other = world.keep(Group.named("g", two).join(Member.id("b")));

    assertThatThrownBy(() -> other.own(Partitions.of(8), partition -> {}, Handover.untilDone()))
        .isInstanceOf(GroupMismatchException.class)
        .hasMessage("group g: 8 partitions (expected: 16, as stored)");

    assertThat(groups.show("g").partitions()).hasSize(16);
    assertThat(first.valid()).hasSize(16);
    assertThat(first.interrupted).hasValue(0);
  }
}
