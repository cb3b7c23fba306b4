package io.zookit.id.internal.record;

/**
 * A record as it was read.
 *
 * @param version of its node, the condition of all writes that depend on it
 * @param czxid of its node; another one is another node
 */
public record SeenRecord(IdRecord record, int version, long czxid) {}
