package io.zookit.group;

/**
 * A member in a view of its group.
 *
 * @param present false if its node does not exist: its session has ended, and its partitions are kept for it
 * @param partitions how many it owns, or is to own
 */
public record GroupMember(String id, boolean present, int partitions) {}
