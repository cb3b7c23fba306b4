package io.zookit.group.internal.planner;

import io.zookit.group.internal.store.GroupPlan;
import io.zookit.group.internal.store.HeldClaim;
import io.zookit.group.internal.store.MemberNode;
import io.zookit.group.internal.store.SpecRecord;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a plan follows from.
 *
 * @param planner the name of the node of the member that plans
 * @param members all that were read, also several of one id
 * @param claims all that stand
 * @param seen of each bucket the newest transaction that changed its children
 * @param previous the plan in force
 * @param pins ids of members that operators gave partitions to
 * @param kept ids of members that are absent and whose partitions are kept for them
 * @param unresponsive ids of members that leave partitions unclaimed: they get nothing more
 * @param balances whether members release partitions above their quota
 */
public record PlanInput(
    String planner,
    SpecRecord spec,
    List<MemberNode> members,
    List<HeldClaim> claims,
    List<Long> seen,
    @Nullable GroupPlan previous,
    Map<Integer, String> pins,
    Set<String> kept,
    Set<String> unresponsive,
    boolean balances) {

  /** Returns the same input with another decision on the balance. */
  PlanInput balancing(boolean decision) {
    return new PlanInput(
        planner, spec, members, claims, seen, previous, pins, kept, unresponsive, decision);
  }
}
