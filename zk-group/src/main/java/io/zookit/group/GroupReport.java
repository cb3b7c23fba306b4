package io.zookit.group;

import java.util.List;
import java.util.Optional;

/**
 * The stored state of a group.
 *
 * @param name the name
 * @param resizing the number of partitions that it is about to have; empty unless that changes
 * @param seq of the plan in force; 0 if there is none that can be read
 * @param planReadable false if the plan is damaged, or was written by a newer version: then nothing is planned
 * @param members in the order in which they plan
 * @param partitions sorted by index
 */
public record GroupReport(
    String name,
    Optional<Integer> resizing,
    long seq,
    boolean planReadable,
    List<MemberReport> members,
    List<PartitionReport> partitions) {

  /** Copies the lists. */
  public GroupReport {
    members = List.copyOf(members);
    partitions = List.copyOf(partitions);
  }

  /** The number of partitions that no member owns. */
  public int unowned() {
    return (int)
        partitions.stream().filter(partition -> partition.owner().isEmpty()).count();
  }

  /** The oldest member, which plans. */
  public Optional<MemberReport> planner() {
    return members.stream().filter(MemberReport::planner).findFirst();
  }
}
