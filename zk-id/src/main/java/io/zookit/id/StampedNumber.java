package io.zookit.id;

import java.time.Instant;

/**
 * A number of a {@link Sequence} with its time.
 *
 * @param number the number
 * @param allocated when it was allocated, by the clock of the ensemble's leader
 */
public record StampedNumber(long number, Instant allocated) {}
