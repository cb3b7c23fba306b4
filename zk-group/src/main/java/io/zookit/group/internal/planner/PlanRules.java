package io.zookit.group.internal.planner;

import static io.zookit.group.internal.store.GroupPlan.UNASSIGNED;

import io.zookit.group.internal.planner.QuotaRule.Share;
import io.zookit.group.internal.store.GroupPlan;
import io.zookit.group.internal.store.GroupPlan.PlanHeader;
import io.zookit.group.internal.store.GroupPlan.PlannedMember;
import io.zookit.group.internal.store.HeldClaim;
import io.zookit.group.internal.store.MemberNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which a plan follows from what was read. Pure: equal inputs give equal plans, and no clock is read.
 *
 * <ol>
 *   <li>Of an id the node of this session or process that was created last counts. A member that leaves, and one that refuses
 *       a partition, gets nothing. Quotas are by weight, largest remainder, at most the room of a member; what fits nowhere is
 *       unassigned.
 *   <li>A partition stays with its pin; else with the target of a hand-over in flight, which is a live previous target that is
 *       not the holder of a claim that the previous plan had seen; else with the holder of the claim, so that a claim that no
 *       plan ordered is adopted; else with the previous target if it is live or kept. Otherwise it is an orphan.
 *   <li>A member above its quota gives the partitions for which it has the lowest scores, of those that a member below its quota
 *       does not refuse. These and the orphans go, each by the highest rendezvous score, to members below their quota.
 * </ol>
 *
 * <p><i>Cost:</i> partitions that move times members.
 */
public final class PlanRules {

  private static final int NONE = -1;

  private final PlanInput input;
  private final List<String> ids = new ArrayList<>();
  private final Map<String, Integer> indexes = new HashMap<>();
  private final @Nullable MemberNode[] live;
  private final long[] hashes;
  private final int[] stays;
  private final boolean[] pinned;
  private final int[] have;
  private final int[] quotas;

  private PlanRules(PlanInput input) {
    this.input = input;
    Map<String, MemberNode> newest = newest(input.members());
    ids.addAll(namedIds(newest));
    for (int i = 0; i < ids.size(); i++) {
      indexes.put(ids.get(i), i);
    }
    this.live = ids.stream().map(newest::get).toArray(MemberNode[]::new);
    this.hashes = ids.stream().mapToLong(RendezvousScore::hash).toArray();
    this.stays = new int[input.spec().count()];
    this.pinned = new boolean[stays.length];
    this.have = new int[ids.size()];
    this.quotas = new int[ids.size()];
  }

  /** Returns the plan that follows from what was read. */
  public static GroupPlan next(PlanInput input) {
    return new PlanRules(input).plan();
  }

  /** The member of each id that counts. */
  public static Map<String, MemberNode> newest(Collection<MemberNode> members) {
    Map<String, MemberNode> newest = new TreeMap<>();
    for (MemberNode member : members) {
      newest.merge(
          member.id(),
          member,
          (one, other) -> Long.compareUnsigned(one.born(), other.born()) >= 0 ? one : other);
    }
    return newest;
  }

  /** The ids that the plan names: sorted; if they are too many, those of the previous plan first. */
  private List<String> namedIds(Map<String, MemberNode> newest) {
    Set<String> all = new LinkedHashSet<>();
    GroupPlan previous = input.previous();
    if (previous != null) {
      previous.header().members().stream()
          .map(PlannedMember::id)
          .filter(id -> newest.containsKey(id) || input.kept().contains(id))
          .forEach(all::add);
    }
    all.addAll(newest.keySet());
    return all.stream().limit(GroupPlan.MOST_MEMBERS).sorted().toList();
  }

  private GroupPlan plan() {
    decideStays();
    for (int target : stays) {
      if (target != NONE) {
        have[target]++;
      }
    }
    decideQuotas();
    int[] targets = stays.clone();
    assign(targets, moving(targets));
    return GroupPlan.of(header(), targets);
  }

  private PlanHeader header() {
    GroupPlan previous = input.previous();
    List<PlannedMember> members = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      String id = ids.get(i);
      MemberNode node = live[i];
      members.add(
          node != null
              ? new PlannedMember(id, node.nonce(), node.record().keepFor())
              : new PlannedMember(
                  id,
                  null,
                  previous == null
                      ? null
                      : previous.member(id).map(PlannedMember::keepFor).orElse(null)));
    }
    long seq = previous == null ? 1 : previous.header().seq() + 1;
    return new PlanHeader(input.planner(), seq, input.spec().epoch(), members, input.seen());
  }

  // Step 2: what stays.

  private void decideStays() {
    @Nullable HeldClaim[] claims = new HeldClaim[stays.length];
    input.claims().forEach(claim -> claims[claim.partition()] = claim);
    Map<String, Integer> holders = new HashMap<>();
    for (int i = 0; i < live.length; i++) {
      MemberNode node = live[i];
      if (node != null) {
        holders.put(node.key(), i);
      }
    }
    GroupPlan previous = input.previous();
    boolean comparable =
        previous != null && previous.header().epoch() == input.spec().epoch();
    for (int p = 0; p < stays.length; p++) {
      HeldClaim claim = claims[p];
      int holder = claim == null ? NONE : holders.getOrDefault(claim.holder(), NONE);
      int before = comparable ? previousTarget(Objects.requireNonNull(previous), p) : NONE;
      stays[p] = stay(p, claim, holder, before);
    }
  }

  private int previousTarget(GroupPlan previous, int partition) {
    return previous
        .ownerOf(partition)
        .map(member -> indexes.getOrDefault(member.id(), NONE))
        .orElse(NONE);
  }

  private int stay(int partition, @Nullable HeldClaim claim, int holder, int before) {
    String pin = input.pins().get(partition);
    int pinIndex = pin == null ? NONE : indexes.getOrDefault(pin, NONE);
    if (pinIndex != NONE && mayGet(pinIndex, partition)) {
      pinned[partition] = true;
      return pinIndex;
    }
    boolean handedOver = claim != null
        && before != NONE
        && before != holder
        && mayGet(before, partition)
        && input.previous() != null
        && input.previous().hasSeen(input.spec().bucketOf(partition), claim.czxid());
    if (handedOver) {
      return before;
    }
    if (holder != NONE) {
      return holder;
    }
    boolean keeps = before != NONE && (live[before] == null || !isUnresponsive(before));
    return keeps ? before : NONE;
  }

  private boolean isUnresponsive(int member) {
    return input.unresponsive().contains(ids.get(member));
  }

  private boolean isJoined(int member) {
    MemberNode node = live[member];
    return node != null && node.record().isJoined();
  }

  /** Tells if a partition may be given to a member, whatever its quota. */
  private boolean mayGet(int member, int partition) {
    MemberNode node = live[member];
    return node != null
        && node.record().isJoined()
        && !isUnresponsive(member)
        && !node.record().refuses(partition);
  }

  // Step 1: quotas.

  private void decideQuotas() {
    int partitions = stays.length;
    int[] least = new int[ids.size()];
    for (int p = 0; p < stays.length; p++) {
      if (stays[p] != NONE && live[stays[p]] == null) {
        partitions--; // kept
      } else if (pinned[p]) {
        least[stays[p]]++;
      }
    }
    List<Share> shares = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      MemberNode node = live[i];
      if (node == null || !node.record().isJoined()) {
        shares.add(new Share(0, 0, 0, have[i]));
      } else {
        Long room = node.record().room();
        long most = room == null ? partitions : Math.min(room, partitions);
        most = isUnresponsive(i) ? Math.min(most, have[i]) : most;
        shares.add(
            new Share(node.record().weight(), (int) Math.max(most, least[i]), least[i], have[i]));
      }
    }
    int[] divided = QuotaRule.divide(partitions, shares);
    System.arraycopy(divided, 0, quotas, 0, quotas.length);
  }

  // Step 3: what moves.

  /** Takes from {@code targets} what moves, and returns it, sorted. */
  private int[] moving(int[] targets) {
    boolean[] moves = new boolean[targets.length];
    for (int p = 0; p < targets.length; p++) {
      int target = targets[p];
      moves[p] = target == NONE || (live[target] != null && mustLeave(target, p));
    }
    if (input.balances()) {
      for (int i = 0; i < ids.size(); i++) {
        if (isJoined(i)) {
          giveSurplus(i, targets, moves);
        }
      }
    }
    int[] moving = new int[targets.length];
    int count = 0;
    for (int p = 0; p < targets.length; p++) {
      if (moves[p]) {
        moving[count++] = p;
        if (targets[p] != NONE) {
          have[targets[p]]--;
          targets[p] = NONE;
        }
      }
    }
    return Arrays.copyOf(moving, count);
  }

  private boolean mustLeave(int holder, int partition) {
    MemberNode node = Objects.requireNonNull(live[holder]);
    return !node.record().isJoined() || node.record().refuses(partition);
  }

  private void giveSurplus(int member, int[] targets, boolean[] moves) {
    List<Integer> owned = new ArrayList<>();
    int stay = 0;
    for (int p = 0; p < targets.length; p++) {
      if (targets[p] == member && !moves[p]) {
        stay++;
        if (!pinned[p] && isWantedElsewhere(member, p)) {
          owned.add(p);
        }
      }
    }
    int surplus = stay - quotas[member];
    if (surplus > 0) {
      owned.sort(Comparator.comparingLong((Integer p) -> RendezvousScore.of(hashes[member], p)));
      owned.stream().limit(surplus).forEach(p -> moves[p] = true);
    }
  }

  /** Tells if another member that is below its quota may get a partition. */
  private boolean isWantedElsewhere(int holder, int partition) {
    for (int i = 0; i < ids.size(); i++) {
      if (i != holder && have[i] < quotas[i] && mayGet(i, partition)) {
        return true;
      }
    }
    return false;
  }

  private void assign(int[] targets, int[] moving) {
    for (int p : moving) {
      int target = bestBelowQuota(p);
      if (target == NONE) {
        target = bestWithRoom(p);
      }
      if (target == NONE && stays[p] != NONE) {
        target = stays[p]; // refused by all, or all others are full: it stays where it is
      }
      targets[p] = target == NONE ? UNASSIGNED : target;
      if (target != NONE) {
        have[target]++;
      }
    }
  }

  /** The member below its quota with the highest score; of several with the least load one in the same zone. */
  private int bestBelowQuota(int partition) {
    String zone = zoneOf(stays[partition]);
    int best = NONE;
    int near = NONE;
    double least = Double.MAX_VALUE;
    for (int i = 0; i < ids.size(); i++) {
      if (have[i] < quotas[i] && mayGet(i, partition)) {
        least = Math.min(least, load(i));
        best = better(best, i, partition);
      }
    }
    for (int i = 0; zone != null && i < ids.size(); i++) {
      if (have[i] < quotas[i]
          && mayGet(i, partition)
          && load(i) == least
          && zone.equals(zoneOf(i))) {
        near = better(near, i, partition);
      }
    }
    return near == NONE ? best : near;
  }

  /** The member with room that is least above its quota, for a partition that all members below theirs refuse. */
  private int bestWithRoom(int partition) {
    int best = NONE;
    for (int i = 0; i < ids.size(); i++) {
      MemberNode node = live[i];
      if (node != null && node.record().weight() > 0 && mayGet(i, partition)) {
        Long room = node.record().room();
        boolean fits = room == null || have[i] < room;
        if (fits && (best == NONE || have[i] - quotas[i] < have[best] - quotas[best])) {
          best = i;
        }
      }
    }
    return best;
  }

  private double load(int member) {
    return (double) have[member] / quotas[member];
  }

  private int better(int best, int other, int partition) {
    return best == NONE
            || RendezvousScore.of(hashes[other], partition)
                > RendezvousScore.of(hashes[best], partition)
        ? other
        : best;
  }

  private @Nullable String zoneOf(int member) {
    MemberNode node = member == NONE ? null : live[member];
    return node == null ? null : node.record().zone();
  }
}
