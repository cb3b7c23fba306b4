package io.zookit.group.internal.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.group.internal.store.GroupPlan;
import io.zookit.group.internal.store.GroupPlan.PlanHeader;
import io.zookit.group.internal.store.GroupPlan.PlannedMember;
import io.zookit.group.internal.store.HeldClaim;
import io.zookit.group.internal.store.MemberNode;
import io.zookit.group.internal.store.MemberRecord;
import io.zookit.group.internal.store.MemberRecord.PartitionRefusal;
import io.zookit.group.internal.store.SpecRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PlanRulesTest {

  private static final SpecRecord SPEC = SpecRecord.first(12);

  @Test
  void next_randomHistories_balancesWithTheFewestMoves() {
    runHistories(1_000);
  }

  @Test
  @Tag("full")
  void next_tenThousandHistories_balancesWithTheFewestMoves() {
    runHistories(10_000);
  }

  private static void runHistories(int histories) {
    Long replayed = Long.getLong("zookit.seed");
    long first = replayed == null ? System.nanoTime() : replayed;
    int moves = 0;
    for (int i = 0; i < (replayed == null ? histories : 1); i++) {
      PlanHistory history = new PlanHistory(first + i, PlanRules::next);
      assertThat(history.run(8)).as("seed=%d", first + i).isEmpty();
      moves += history.moves();
    }
    System.out.println("zookit.seed=" + first + ", " + moves + " moves");
    assertThat(moves).isPositive();
  }

  /**
   * Sticky bounded load, as a control: a partition stays with its holder below 1.25 times the average load, else it goes to the
   * first member by score below that.
   */
  private static GroupPlan stickyBoundedLoad(PlanInput input) {
    Map<String, MemberNode> live = new TreeMap<>(PlanRules.newest(input.members()));
    live.values().removeIf(member -> !member.record().isJoined());
    List<String> ids = List.copyOf(live.keySet());
    int count = input.spec().count();
    int bound = (int) Math.ceil(1.25 * count / Math.max(1, ids.size()));
    int[] targets = new int[count];
    Arrays.fill(targets, GroupPlan.UNASSIGNED);
    int[] load = new int[ids.size()];
    for (HeldClaim claim : input.claims()) {
      for (int i = 0; i < ids.size(); i++) {
        if (claim.holder().equals(Objects.requireNonNull(live.get(ids.get(i))).key())
            && load[i] < bound) {
          targets[claim.partition()] = i;
          load[i]++;
        }
      }
    }
    for (int p = 0; p < count; p++) {
      int partition = p;
      if (targets[p] == GroupPlan.UNASSIGNED && !ids.isEmpty()) {
        int best = IntStream.range(0, ids.size())
            .filter(i -> load[i] < bound)
            .boxed()
            .max(Comparator.comparingLong(
                i -> RendezvousScore.of(RendezvousScore.hash(ids.get(i)), partition)))
            .orElse(0);
        targets[p] = best;
        load[best]++;
      }
    }
    List<PlannedMember> members = live.values().stream()
        .map(each -> new PlannedMember(each.id(), each.nonce(), null))
        .toList();
    return GroupPlan.of(
        new PlanHeader("control", 1, input.spec().epoch(), members, input.seen()), targets);
  }

  @Test
  void next_stickyBoundedLoadInstead_isNoticed() {
    List<String> findings = new ArrayList<>();
    for (int seed = 1; seed <= 100; seed++) {
      findings.addAll(new PlanHistory(seed, PlanRulesTest::stickyBoundedLoad).run(8));
    }
    assertThat(findings).anyMatch(finding -> finding.contains("of a quota of"));
  }

  private static MemberNode member(String id, MemberRecord.State state, int... refuses) {
    List<PartitionRefusal> refusals = Arrays.stream(refuses)
        .mapToObj(p -> new PartitionRefusal(p, Instant.EPOCH))
        .toList();
    return new MemberNode(
        id, "1", id.hashCode(), new MemberRecord(state, 1, null, null, null, null, refusals, ""));
  }

  private static MemberNode joined(String id, int... refuses) {
    return member(id, MemberRecord.State.JOINED, refuses);
  }

  private static PlanInput input(
      List<MemberNode> members, List<HeldClaim> claims, @Nullable GroupPlan previous) {
    return new PlanInput(
        "planner",
        SPEC,
        members,
        claims,
        Collections.nCopies(SPEC.buckets(), 100L),
        previous,
        Map.of(),
        Set.of(),
        Set.of(),
        true);
  }

  private static List<HeldClaim> all(String id, int count) {
    return IntStream.range(0, count)
        .mapToObj(p -> new HeldClaim(p, id + "@1", 50 + p))
        .toList();
  }

  private static List<Integer> of(GroupPlan plan, String id) {
    return IntStream.range(0, plan.count())
        .filter(p -> plan.ownerOf(p).map(member -> member.id().equals(id)).orElse(false))
        .boxed()
        .toList();
  }

  @Test
  void next_handOverInFlight_staysWithTheTarget() {
    List<MemberNode> two = List.of(joined("a"), joined("b"));
    GroupPlan first = PlanRules.next(input(two, all("a", 12), null));
    assertThat(of(first, "b")).hasSize(6);

    GroupPlan second = PlanRules.next(input(two, all("a", 12), first));

    assertThat(of(second, "b")).isEqualTo(of(first, "b"));
  }

  @Test
  void next_claimBesideThePlan_isAdopted() {
    List<MemberNode> two = List.of(joined("a"), joined("b"));
    GroupPlan first = PlanRules.next(input(two, List.of(), null));
    int taken = of(first, "a").get(0);

    HeldClaim later = new HeldClaim(taken, "b@1", 200); // the plan has seen up to 100
    GroupPlan second = PlanRules.next(input(two, List.of(later), first).balancing(false));

    assertThat(of(second, "b")).contains(taken).hasSize(7);
  }

  @Test
  void isInForce_claimThatMovesIsNewerThanThePlan_isNot() {
    List<MemberNode> two = List.of(joined("a"), joined("b"));
    GroupPlan plan = PlanRules.next(input(two, all("a", 12), null));
    int moved = of(plan, "b").get(0);
    List<HeldClaim> newer = new ArrayList<>(all("a", 12));
    newer.set(moved, new HeldClaim(moved, "a@1", 200)); // the plan has seen up to 100

    assertThat(PlanOrders.isInForce(input(two, all("a", 12), plan), plan)).isTrue();
    assertThat(PlanOrders.isInForce(input(two, newer, plan), plan)).isFalse();
    newer.set(moved, new HeldClaim(moved, "b@1", 200)); // stands where it is to be
    assertThat(PlanOrders.isInForce(input(two, newer, plan), plan)).isTrue();
  }

  @Test
  void next_lowestScoreIsRefused_anotherPartitionMoves() {
    List<MemberNode> two = List.of(joined("a"), joined("b"));
    GroupPlan free = PlanRules.next(input(two, all("a", 12), null));
    int[] refused = of(free, "b").stream().mapToInt(p -> p).toArray();

    GroupPlan plan =
        PlanRules.next(input(List.of(joined("a"), joined("b", refused)), all("a", 12), null));

    assertThat(of(plan, "b")).hasSize(6).doesNotContainAnyElementsOf(of(free, "b"));
  }

  @Test
  void next_memberLeaves_nothingStaysWithIt() {
    List<MemberNode> two = List.of(member("a", MemberRecord.State.LEAVING), joined("b"));
    GroupPlan plan = PlanRules.next(input(two, all("a", 12), null).balancing(false));
    assertThat(of(plan, "b")).hasSize(12);
  }

  @Test
  void next_partitionRefused_goesToAnotherMember_andStaysIfAllRefuse() {
    GroupPlan one = PlanRules.next(
        input(List.of(joined("a", 3), joined("b"), joined("c", 3)), all("a", 12), null));
    assertThat(of(one, "b")).contains(3);
    GroupPlan all = PlanRules.next(
        input(List.of(joined("a", 3), joined("b", 3), joined("c", 3)), all("a", 12), null));
    assertThat(of(all, "a")).contains(3);
  }

  @Test
  void next_roomExhausted_leavesTheRestUnassigned() {
    MemberNode small = new MemberNode(
        "a",
        "1",
        1,
        new MemberRecord(MemberRecord.State.JOINED, 1, null, 5L, null, null, List.of(), ""));
    GroupPlan plan = PlanRules.next(input(List.of(small), List.of(), null));
    assertThat(of(plan, "a")).hasSize(5);
    assertThat(IntStream.range(0, 12).filter(p -> plan.ownerOf(p).isEmpty()).count())
        .isEqualTo(7);
  }

  @Test
  void next_memberKept_keepsItsPartitionsWhileAbsent() {
    MemberNode keeping = new MemberNode(
        "a",
        "1",
        1,
        new MemberRecord(
            MemberRecord.State.JOINED, 1, null, null, Duration.ofSeconds(30), null, List.of(), ""));
    GroupPlan first = PlanRules.next(input(List.of(keeping, joined("b")), List.of(), null));
    PlanInput without = new PlanInput(
        "planner",
        SPEC,
        List.of(joined("b")),
        List.of(),
        first.header().seen(),
        first,
        Map.of(),
        Set.of("a"),
        Set.of(),
        true);

    GroupPlan second = PlanRules.next(without);

    assertThat(of(second, "a")).isEqualTo(of(first, "a")).hasSize(6);
    assertThat(second.member("a").orElseThrow())
        .isEqualTo(new PlannedMember("a", null, Duration.ofSeconds(30)));
  }

  @Test
  void next_targetUnresponsive_freePartitionsGoToOthers() {
    List<MemberNode> two = List.of(joined("a"), joined("b"));
    GroupPlan first = PlanRules.next(input(two, List.of(), null));
    PlanInput hung = new PlanInput(
        "planner",
        SPEC,
        two,
        List.of(),
        first.header().seen(),
        first,
        Map.of(),
        Set.of(),
        Set.of("b"),
        true);
    assertThat(of(PlanRules.next(hung), "a")).hasSize(12);
  }

  @Test
  void next_pinned_staysWithThePin_andTheOthersBalance() {
    PlanInput pinned = new PlanInput(
        "planner",
        SPEC,
        List.of(joined("a"), joined("b")),
        all("a", 12),
        Collections.nCopies(SPEC.buckets(), 100L),
        null,
        Map.of(0, "a", 1, "a", 2, "b"),
        Set.of(),
        Set.of(),
        true);
    GroupPlan plan = PlanRules.next(pinned);
    assertThat(of(plan, "a")).contains(0, 1).hasSize(6);
    assertThat(of(plan, "b")).contains(2);
  }
}
