package io.zookit.id.internal.sequence;

/**
 * Numbers that were allocated to this process and to no other.
 *
 * @param first the least
 * @param last the greatest
 * @param millis when they were allocated, by the clock of the ensemble's leader, in milliseconds of the epoch
 */
public record NumberRange(long first, long last, long millis) {}
