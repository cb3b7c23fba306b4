package io.zookit.scheduler.trigger;

import org.quartz.Job;
import org.quartz.JobExecutionContext;

/** The one Quartz job: tells the engine which trigger is due. */
final class EnqueueJob implements Job {

  private final QuartzTriggerEngine engine;

  EnqueueJob(QuartzTriggerEngine engine) {
    this.engine = engine;
  }

  @Override
  public void execute(JobExecutionContext context) {
    engine.fire(context.getTrigger().getKey().getName());
  }
}
