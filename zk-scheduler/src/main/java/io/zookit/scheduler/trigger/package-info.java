/**
 * Timers that wake a node when a job is due.
 *
 * <p>A {@link io.zookit.scheduler.trigger.TriggerEngine} is a timer and no more: it neither claims nor runs anything.
 * The standard one is {@link io.zookit.scheduler.trigger.TimekeeperTriggerEngine}; {@link
 * io.zookit.scheduler.trigger.QuartzTriggerEngine} needs Quartz, which is an optional dependency.
 */
@NullMarked
package io.zookit.scheduler.trigger;

import org.jspecify.annotations.NullMarked;
