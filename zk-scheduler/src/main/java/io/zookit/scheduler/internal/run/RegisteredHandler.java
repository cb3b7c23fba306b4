package io.zookit.scheduler.internal.run;

import io.zookit.scheduler.JobHandler;

/**
 * Code of this process for jobs.
 *
 * @param version its version
 * @param since since when a node that can run the jobs is certainly connected, in cluster time; 0 while that is not known
 */
public record RegisteredHandler(JobHandler handler, int version, long since) {}
