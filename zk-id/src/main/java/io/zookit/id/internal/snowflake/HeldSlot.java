package io.zookit.id.internal.snowflake;

/**
 * A slot that is held.
 *
 * @param version of its mark, as this process wrote it
 * @param czxid of its mark
 */
record HeldSlot(SlotTicks ticks, int version, long czxid, long incarnation) {}
