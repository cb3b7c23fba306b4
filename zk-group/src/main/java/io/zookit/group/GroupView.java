package io.zookit.group;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The plan of a group: which member is to own which partition. A hint: a member that is named may not have it yet.
 *
 * @param seq rises with every plan
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

  /** The id of the member that is to own a partition. */
  public Optional<String> ownerOf(int partition) {
    return Optional.ofNullable(owners.get(partition));
  }

  /** The id of the member that is to own the partition of a key. */
  public Optional<String> ownerOf(String key) {
    return ownerOf(Partitions.of(count).partitionOf(key));
  }
}
