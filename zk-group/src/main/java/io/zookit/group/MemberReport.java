package io.zookit.group;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The stored state of a member.
 *
 * @param id its id
 * @param nonce of its session
 * @param leaving whether it hands over and ends
 * @param planner whether it is the oldest member, which plans
 * @param weight its share is proportional to this
 * @param zone preferred on equal load
 * @param room the most partitions that it can claim; 0 for one that owns none, empty without a limit
 * @param refuses partitions that it does not claim now
 * @param owned the number of partitions that it has claimed
 * @param label of its client
 */
public record MemberReport(
    String id,
    String nonce,
    boolean leaving,
    boolean planner,
    int weight,
    Optional<String> zone,
    OptionalLong room,
    List<Integer> refuses,
    int owned,
    String label) {

  /** Copies the refusals. */
  public MemberReport {
    refuses = List.copyOf(refuses);
  }
}
