package io.zookit.group.internal.planner;

import io.zookit.group.internal.planner.PlanInputs.SeenGroup;
import io.zookit.group.internal.store.GroupPlan;
import io.zookit.group.internal.store.GroupPlan.PlannedMember;
import io.zookit.group.internal.store.HeldClaim;
import io.zookit.group.internal.store.MemberNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * State of a planner between its passes: since when members are absent, partitions unclaimed and the balance wrong. The rules
 * have no clock; what they take from time comes from here.
 *
 * <p><i>Threads:</i> on the loop.
 */
final class PlannerMemory {

  private static final Logger log = LoggerFactory.getLogger(PlannerMemory.class);
  private static final long SECOND = 1_000_000_000L;
  private static final long QUIET = SECOND;
  private static final long LONGEST_UNBALANCED = 10 * SECOND;
  private static final long LONGEST_COLD = 5 * SECOND;
  private static final long UNCLAIMED = 2 * SECOND;
  private static final long UNRESPONSIVE = 60 * SECOND;

  /** The time after which what a plan gives away should be claimed. */
  static final long CHECK_CLAIMS = UNCLAIMED + SECOND / 5;

  /** A partition that no member has claimed: since when, while this is its target. */
  private record Unclaimed(String target, long since) {}

  private final String name;
  private final LongSupplier clock;
  private final LongConsumer passAt;
  private final Map<Integer, Unclaimed> unclaimed = new HashMap<>();
  private final Map<String, Long> unresponsive = new HashMap<>();
  private final Map<String, Long> absent = new HashMap<>();
  private Set<String> members = Set.of();
  private long membersChanged;
  private @Nullable Long unbalancedSince;
  private @Nullable Long coldSince;

  /**
   * Creates an empty one.
   *
   * @param name of the group
   * @param passAt schedules a pass
   */
  PlannerMemory(String name, LongSupplier clock, LongConsumer passAt) {
    this.name = name;
    this.clock = clock;
    this.passAt = passAt;
  }

  private long now() {
    return clock.getAsLong();
  }

  /** Notes what a pass has read. */
  void note(SeenGroup group) {
    noteMembers(group);
    noteUnclaimed(group);
    if (!group.claims().isEmpty()) {
      coldSince = null;
    } else if (coldSince == null) {
      coldSince = now();
    }
  }

  private void noteMembers(SeenGroup group) {
    Set<String> present = new HashSet<>();
    for (MemberNode member : group.members()) {
      present.add(member.key() + member.record());
    }
    if (!present.equals(members)) {
      members = present;
      membersChanged = now();
    }
  }

  private void noteUnclaimed(SeenGroup group) {
    unresponsive.values().removeIf(since -> now() - since >= UNRESPONSIVE);
    unresponsive.values().forEach(since -> passAt.accept(since + UNRESPONSIVE));
    GroupPlan plan = group.plan();
    if (plan == null || plan.header().epoch() != group.spec().record().epoch()) {
      unclaimed.clear();
      return;
    }
    Set<Integer> claimed = new HashSet<>();
    for (HeldClaim claim : group.claims()) {
      claimed.add(claim.partition());
    }
    Map<String, MemberNode> live = PlanRules.newest(group.members());
    boolean anyFree = false;
    for (int p = 0; p < plan.count(); p++) {
      MemberNode target = plan.ownerOf(p).map(PlannedMember::id).map(live::get).orElse(null);
      if (claimed.contains(p) || target == null || !target.record().isJoined()) {
        unclaimed.remove(p);
        continue;
      }
      Unclaimed known = unclaimed.get(p);
      if (known == null || !known.target.equals(target.key())) {
        unclaimed.put(p, new Unclaimed(target.key(), now()));
        anyFree = true;
      } else if (now() - known.since < UNCLAIMED) {
        anyFree = true;
      } else if (unresponsive.put(target.id(), now()) == null) {
        log.warn("{}: {} leaves partitions unclaimed and gets no more", name, target.key());
      }
    }
    if (anyFree) {
      passAt.accept(now() + CHECK_CLAIMS);
    }
  }

  /** Nothing is to be claimed now. */
  void suspend() {
    unclaimed.clear();
  }

  /** The ids of members that leave partitions unclaimed. */
  Set<String> unresponsive() {
    return Set.copyOf(unresponsive.keySet());
  }

  /** The ids whose partitions are kept: members of the last plan that vanished without leaving. */
  Set<String> kept(SeenGroup group) {
    GroupPlan plan = group.plan();
    Map<String, MemberNode> live = PlanRules.newest(group.members());
    Set<String> kept = new HashSet<>();
    if (plan != null) {
      for (PlannedMember member : plan.header().members()) {
        Duration keepFor = member.keepFor();
        if (keepFor == null || live.containsKey(member.id())) {
          absent.remove(member.id());
          continue;
        }
        long since = absent.computeIfAbsent(member.id(), first -> now());
        long left = keepFor.toNanos() - (now() - since);
        if (left > 0) {
          kept.add(member.id());
          passAt.accept(now() + left);
        }
      }
    }
    return kept;
  }

  /** Tells if no claim stood at the last pass. */
  boolean isCold() {
    return coldSince != null;
  }

  /** The time until which a group without claims waits for more members; null if it does not wait. */
  @Nullable
  Long waitsUntil() {
    Long cold = coldSince;
    return cold == null
        ? null
        : Long.valueOf(Math.min(membersChanged + QUIET, cold + LONGEST_COLD));
  }

  /** Tells if the balance is to be restored now. */
  boolean isBalanceDue() {
    Long since = unbalancedSince;
    return since != null
        && (now() - membersChanged >= QUIET || now() - since >= LONGEST_UNBALANCED);
  }

  /** Notes whether the balance is wrong, and schedules the pass that restores it. */
  void noteBalance(boolean isWrong) {
    if (!isWrong) {
      unbalancedSince = null;
      return;
    }
    if (unbalancedSince == null) {
      unbalancedSince = now();
    }
    passAt.accept(Math.min(membersChanged + QUIET, unbalancedSince + LONGEST_UNBALANCED));
  }
}
