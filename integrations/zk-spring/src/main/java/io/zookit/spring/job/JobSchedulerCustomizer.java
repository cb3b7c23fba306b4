package io.zookit.spring.job;

import io.zookit.scheduler.JobSchedulerBuilder;

/** Changes the settings of the scheduler. Beans of this type are applied in their order. */
@FunctionalInterface
public interface JobSchedulerCustomizer {

  /** Changes the builder. */
  void customize(JobSchedulerBuilder builder);
}
