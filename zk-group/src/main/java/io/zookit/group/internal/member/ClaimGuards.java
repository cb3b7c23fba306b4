package io.zookit.group.internal.member;

import io.zookit.core.internal.session.SessionHandle;
import io.zookit.group.internal.member.ClaimReleases.ReleasedClaim;
import io.zookit.group.internal.member.OwnedPartition.StandingClaim;
import io.zookit.group.internal.store.GroupPlan;
import io.zookit.group.internal.store.PartitionOwnerRecord;
import java.util.List;
import org.apache.zookeeper.Op;

/**
 * The conditions on which the safety of claims rests, in one place: what fences a release and a write, which claim is adopted,
 * and which plan is obeyed.
 *
 * <p>Not final, so that a simulation can break them.
 */
class ClaimGuards {

  /** The operation in front of the delete of a claim: it refuses a release that another claim has followed. */
  Op releaseCheck(ReleasedClaim claim) {
    return claim.isRecordMissing()
        ? claim.createRecord()
        : Op.check(claim.record(), claim.version());
  }

  /** The operations that a fenced transaction begins with. */
  List<Op> fence(String record, String claim, StandingClaim standing) {
    return List.of(Op.check(record, standing.version()), Op.check(claim, -1));
  }

  /** Tells if a claim that was read is that of this session; its answer was lost. */
  boolean isOwn(SessionHandle handle, String key, SessionHandle.Node claim) {
    return handle.owns(claim.stat())
        && PartitionOwnerRecord.memberOf(claim.data()).equals(key);
  }

  /** Tells if a plan that gives a partition to another member had seen this claim of it. */
  boolean isSeen(GroupPlan plan, int bucket, StandingClaim claim) {
    return plan.hasSeen(bucket, claim.czxid());
  }
}
