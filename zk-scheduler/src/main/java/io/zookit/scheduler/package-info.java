/**
 * Jobs of a cluster: each tick is run by one node and has exactly one recorded outcome.
 *
 * <p>{@link io.zookit.scheduler.JobScheduler} makes this process a node that runs jobs; {@link
 * io.zookit.scheduler.JobLedger} defines and controls them from anywhere:
 *
 * <pre>{@code
 * Job nightly = Job.named("nightly-report").cron("0 15 2 * * ?", ZoneId.of("Europe/Berlin"));
 * JobScheduler scheduler = JobScheduler.start(zk);
 * scheduler.schedule(nightly, run -> build(run.slot(), run.token()));
 * }</pre>
 *
 * <p>What is promised: at most one claim for a slot, one end for a claim, one outcome for a slot. What is not: that the code
 * of a job takes effect exactly once. A node that was stopped longer than its session goes on with its old run when it
 * wakes; {@link io.zookit.scheduler.JobRun#isValid} sees that from the first instruction, and a resource that checks
 * {@link io.zookit.scheduler.JobRun#token} refuses the old run.
 */
@NullMarked
package io.zookit.scheduler;

import org.jspecify.annotations.NullMarked;
