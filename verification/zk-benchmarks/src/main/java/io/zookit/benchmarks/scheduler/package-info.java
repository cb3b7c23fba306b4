/** Rows of jobs, beside Quartz on PostgreSQL and ShedLock. */
@NullMarked
package io.zookit.benchmarks.scheduler;

import org.jspecify.annotations.NullMarked;
