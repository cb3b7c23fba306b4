/**
 * Makes an existing Quartz application run each fire time on one node of the cluster, by configuration: see {@link
 * io.zookit.scheduler.quartz.ExclusiveJobsPlugin}.
 */
@NullMarked
package io.zookit.scheduler.quartz;

import org.jspecify.annotations.NullMarked;
