package io.zookit.group.internal.planner;

import io.zookit.group.internal.store.GroupPlan;
import io.zookit.group.internal.store.GroupPlan.PlannedMember;
import io.zookit.group.internal.store.HeldClaim;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The orders of a plan: the partitions that it gives to a member, and the claims that it moves. Pure.
 *
 * <p>A plan moves a claim only if its planner had seen it.
 */
public final class PlanOrders {

  private PlanOrders() {}

  /** The partitions that a plan gives to the member of an id, sorted. */
  public static Set<Integer> given(GroupPlan plan, String id) {
    Set<Integer> given = new TreeSet<>();
    for (int p = 0; p < plan.count(); p++) {
      if (plan.ownerOf(p).filter(target -> target.id().equals(id)).isPresent()) {
        given.add(p);
      }
    }
    return given;
  }

  /** The node of the other member to which a plan gives a partition of a member; empty if that member is absent. */
  public static Optional<String> newHolder(GroupPlan plan, int partition, String id) {
    return plan.ownerOf(partition)
        .filter(target -> !target.id().equals(id))
        .flatMap(PlannedMember::key);
  }

  /** Tells if the plan in force gives all orders of another one, to the same members. */
  static boolean isInForce(PlanInput input, GroupPlan plan) {
    GroupPlan previous = input.previous();
    return previous != null
        && previous.header().members().equals(plan.header().members())
        && isOrdered(input, plan);
  }

  /**
   * Tells if the plan in force gives all orders of another one: the targets are the same, and it had seen each claim that is to
   * move, without which the holder of that claim does not obey it.
   */
  static boolean isOrdered(PlanInput input, GroupPlan next) {
    GroupPlan previous = input.previous();
    if (previous == null || !previous.hasTargetsOf(next)) {
      return false;
    }
    for (HeldClaim claim : input.claims()) {
      boolean moves = next.ownerOf(claim.partition())
          .flatMap(PlannedMember::key)
          .filter(target -> !target.equals(claim.holder()))
          .isPresent();
      if (moves && !previous.hasSeen(input.spec().bucketOf(claim.partition()), claim.czxid())) {
        return false;
      }
    }
    return true;
  }
}
