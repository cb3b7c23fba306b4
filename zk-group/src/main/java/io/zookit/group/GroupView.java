package io.zookit.group;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The members of a group and the owners of its partitions: those that the plan names, or those that have claimed them. A hint: a
 * member that the plan names may not have a partition yet, and a claim may have ended since it was read.
 *
 * @param seq of the plan, which rises with every plan; 0 if there is none
 * @param members sorted by id
 * @param owners of each partition that has one the id of its member
 * @param count the number of partitions
 */
public record GroupView(
    long seq, List<GroupMember> members, Map<Integer, String> owners, int count) {

  /** Copies the collections. */
  public GroupView {
    members = List.copyOf(members);
    owners = Map.copyOf(owners);
  }

  /** The id of the member that owns a partition, or is to own it. */
  public Optional<String> ownerOf(int partition) {
    return Optional.ofNullable(owners.get(partition));
  }

  /** The id of the member that owns the partition of a key, or is to own it. */
  public Optional<String> ownerOf(String key) {
    return count == 0 ? Optional.empty() : ownerOf(Partitions.of(count).partitionOf(key));
  }
}
