package io.zookit.group.internal.store;

/**
 * The record of the partitions as it was read.
 *
 * @param version of its node
 */
public record SeenSpec(SpecRecord record, int version) {}
