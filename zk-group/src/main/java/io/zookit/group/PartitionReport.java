package io.zookit.group;

import io.zookit.core.FencingToken;
import java.util.Optional;

/**
 * The stored state of a partition.
 *
 * @param index its number
 * @param target the id of the member that is to own it; empty if the plan gives it to none
 * @param owner the id of the member that has claimed it
 * @param token of that claim
 * @param pin the move by an operator that is in force
 */
public record PartitionReport(
    int index,
    Optional<String> target,
    Optional<String> owner,
    Optional<FencingToken> token,
    Optional<PartitionPin> pin) {

  /** Tells if it is owned by the member that is to own it. */
  public boolean isSettled() {
    return owner.isPresent() && owner.equals(target);
  }
}
