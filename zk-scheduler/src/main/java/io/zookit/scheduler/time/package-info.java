/**
 * Due times of jobs, as pure functions of the time: no clock, no state, no threads.
 *
 * <p>A {@link io.zookit.scheduler.time.Schedule} answers one question: which {@link io.zookit.scheduler.time.Slot} is
 * the next after an instant. Everything in this package is immutable and may be used from any thread.
 */
@NullMarked
package io.zookit.scheduler.time;

import org.jspecify.annotations.NullMarked;
