package io.zookit.scheduler.internal.state;

import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.records.StateRecord.EndRecord;
import io.zookit.scheduler.internal.zk.SessionTree.WriteOp;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A transaction that takes a job to its next state.
 *
 * @param next the state that it writes
 * @param operations the operations, the write of the state in front
 * @param claim the claim that its sender holds afterwards; null if there is none
 */
public record StateChange(
    StateRecord next, List<WriteOp> operations, @Nullable ClaimRecord claim) {

  /** Copies the list. */
  public StateChange {
    operations = List.copyOf(operations);
  }

  /** Returns the operations other than the write of the state. */
  public List<WriteOp> others() {
    return operations.subList(1, operations.size());
  }

  /** Returns the end that it records for a claim, if it records one. */
  public Optional<EndRecord> endOf(ClaimRecord ended) {
    return next.ended(ended.id());
  }
}
