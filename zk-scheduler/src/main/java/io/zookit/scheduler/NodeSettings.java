package io.zookit.scheduler;

import io.zookit.core.FencingToken;
import io.zookit.core.Meters;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.LongFunction;

/**
 * How a node is set up.
 *
 * @param label what it is called where people look
 * @param weight its share of the jobs, 1 or more
 * @param capacity how many runs it has at once
 * @param patience how long closing waits for runs before it interrupts them
 * @param tokens the fencing token of a transaction
 * @param callbacks an order for observers and sinks
 */
record NodeSettings(
    String label,
    int weight,
    int capacity,
    Duration patience,
    LongFunction<FencingToken> tokens,
    Meters meters,
    SchedulerObserver observer,
    HistorySink history,
    Executor callbacks) {}
