package io.zookit.group.internal.member;

import io.zookit.core.internal.session.SessionHandle;
import io.zookit.group.internal.member.ClaimReleases.ReleasedClaim;
import io.zookit.group.internal.member.OwnedPartition.StandingClaim;
import io.zookit.group.internal.store.GroupPlan;
import io.zookit.testkit.internal.sim.Defect;
import java.util.List;
import org.apache.zookeeper.Op;

/** The deliberate errors of a simulation, which it must notice. */
enum GroupMutation {
  /** No error: this one must pass. */
  NONE,
  /** A release is sent again although another claim may have followed it. */
  RELEASE_WITHOUT_RECORD,
  /** A fenced write checks that a claim exists, not which one. */
  FENCE_WITHOUT_RECORD,
  /** A plan is obeyed although its planner had not seen the claim that it moves. */
  PLAN_ALWAYS_OBEYED,
  /** A claim whose answer was lost is adopted because one exists. */
  ADOPTED_BY_EXISTENCE,
  /** Versions of records are not compared, by the server. */
  VERSIONS_IGNORED,
  /** A session whose deadline is over is called safe. */
  DEADLINE_IGNORED;

  /** The errors of the simulated servers and their clients. */
  Defect[] defects() {
    return switch (this) {
      case VERSIONS_IGNORED -> new Defect[] {Defect.VERSIONS_IGNORED};
      case DEADLINE_IGNORED -> new Defect[] {Defect.DEADLINE_IGNORED};
      default -> new Defect[0];
    };
  }

  ClaimGuards guards() {
    return new BrokenGuards();
  }

  private final class BrokenGuards extends ClaimGuards {

    @Override
    Op releaseCheck(ReleasedClaim claim) {
      return GroupMutation.this == RELEASE_WITHOUT_RECORD
          ? Op.check(claim.record(), -1)
          : super.releaseCheck(claim);
    }

    @Override
    List<Op> fence(String record, String claim, StandingClaim standing) {
      return GroupMutation.this == FENCE_WITHOUT_RECORD
          ? List.of(Op.check(claim, -1), Op.check(claim, -1))
          : super.fence(record, claim, standing);
    }

    @Override
    boolean isSeen(GroupPlan plan, int bucket, StandingClaim claim) {
      return GroupMutation.this == PLAN_ALWAYS_OBEYED || super.isSeen(plan, bucket, claim);
    }

    @Override
    boolean isOwn(SessionHandle handle, String key, SessionHandle.Node claim) {
      return GroupMutation.this == ADOPTED_BY_EXISTENCE || super.isOwn(handle, key, claim);
    }
  }
}
