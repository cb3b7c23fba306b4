package io.zookit.scheduler.internal.node;

import io.zookit.scheduler.HistorySink;
import io.zookit.scheduler.JobSchedulerBuilder;
import io.zookit.scheduler.SchedulerObserver;
import io.zookit.scheduler.trigger.TimekeeperTriggerEngine;
import io.zookit.scheduler.trigger.TriggerEngine;
import java.time.Duration;
import java.util.Optional;

/**
 * Options that a {@link JobSchedulerBuilder} collects.
 *
 * @param label the display name of the node; the client's if it is empty
 * @param weight the node's share of the jobs, 1 or more
 * @param concurrency the maximum number of concurrent runs
 * @param patience how long closing waits for runs before it interrupts them
 * @param history the sink of ended runs
 * @param engine wakes the node when jobs are due; a {@link TimekeeperTriggerEngine} if it is empty
 */
public record SchedulerOptions(
    Optional<String> label,
    int weight,
    int concurrency,
    Duration patience,
    SchedulerObserver observer,
    HistorySink history,
    Optional<TriggerEngine> engine) {}
