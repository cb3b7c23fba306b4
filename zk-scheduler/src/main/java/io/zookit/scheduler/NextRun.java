package io.zookit.scheduler;

import io.zookit.scheduler.time.Slot;
import java.time.Instant;

/**
 * A slot that is to come.
 *
 * @param slot the slot
 * @param due when it will be run: the slot's instant and the job's jitter
 * @param note what the change of clocks makes of it, in words; empty when nothing
 */
public record NextRun(Slot slot, Instant due, String note) {}
