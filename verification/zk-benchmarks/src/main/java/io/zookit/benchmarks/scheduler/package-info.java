/** Rows of jobs, compared with Quartz on PostgreSQL and ShedLock. */
@NullMarked
package io.zookit.benchmarks.scheduler;

import org.jspecify.annotations.NullMarked;
