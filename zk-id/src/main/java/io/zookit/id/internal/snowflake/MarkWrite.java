package io.zookit.id.internal.snowflake;

/**
 * A write of a mark.
 *
 * @param version that the mark must have
 */
record MarkWrite(int slot, int version, WindowRecord mark) {}
