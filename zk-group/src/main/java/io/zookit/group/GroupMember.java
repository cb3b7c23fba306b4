package io.zookit.group;

/**
 * A member as the plan names it.
 *
 * @param present false if its session has ended and its partitions are kept for it
 * @param partitions how many it is to own
 */
public record GroupMember(String id, boolean present, int partitions) {}
