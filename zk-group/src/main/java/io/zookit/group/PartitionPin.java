package io.zookit.group;

import java.time.Instant;

/**
 * A partition that an operator has given to a member. It has no effect while that member is absent, leaves or refuses the
 * partition.
 *
 * @param partition its index
 * @param member the id
 * @param until its end
 */
public record PartitionPin(int partition, String member, Instant until) {}
