package io.zookit.scheduler;

import java.time.Instant;
import java.util.Map;

/**
 * A node that is connected.
 *
 * @param id unique for its session
 * @param label what it is called
 * @param handlers what it can run, with versions
 * @param weight its share
 * @param wallClock what its clock said when it last wrote, which it does each five seconds
 * @param tzdb the version of its time zone data
 * @param draining whether it is about to leave
 */
public record JobNode(
    String id,
    String label,
    Map<String, Integer> handlers,
    int weight,
    Instant wallClock,
    String tzdb,
    boolean draining) {}
