package io.zookit.group.internal.store;

/**
 * A claim that stands.
 *
 * @param partition its index
 * @param holder the name of the node of the member that created it; empty if the claim cannot be read
 * @param czxid its creation transaction
 */
public record HeldClaim(int partition, String holder, long czxid) {}
