package io.zookit.scheduler.quartz;

import io.zookit.core.FencingToken;
import io.zookit.core.ZkClient;
import io.zookit.scheduler.HistorySink;
import io.zookit.scheduler.JobScheduler;
import io.zookit.scheduler.trigger.QuartzTriggerEngine;
import io.zookit.testkit.ChildJvm;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.quartz.CronScheduleBuilder;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.TriggerBuilder;
import org.quartz.impl.SchedulerRepository;
import org.quartz.impl.StdSchedulerFactory;

/**
 * A process with the Quartz of its class path: two exclusive Quartz schedulers, and a node that is woken by Quartz. Prints
 * what they run. Its arguments are servers and root.
 */
final class QuartzChild {

  private QuartzChild() {}

  /** The application's job. */
  public static final class PrintJob implements Job {

    /** For Quartz. */
    public PrintJob() {}

    @Override
    public void execute(JobExecutionContext context) {
      boolean hasToken = context.get(ExclusiveJobsPlugin.TOKEN) instanceof FencingToken;
      System.out.println(
          "fired " + context.getScheduledFireTime().toInstant() + (hasToken ? " token" : ""));
    }
  }

  public static void main(String[] args) throws Exception {
    ChildJvm.exitWithParent();
    for (int i = 0; i < 2; i++) {
      Properties settings = new Properties();
      settings.setProperty("org.quartz.scheduler.instanceName", "app");
      settings.setProperty("org.quartz.threadPool.threadCount", "2");
      settings.setProperty("org.quartz.plugin.zookit.class", ExclusiveJobsPlugin.class.getName());
      settings.setProperty("org.quartz.plugin.zookit.connect", args[0]);
      settings.setProperty("org.quartz.plugin.zookit.root", args[1]);
      SchedulerRepository.getInstance().remove("app");
      Scheduler scheduler = new StdSchedulerFactory(settings).getScheduler();
      scheduler.scheduleJob(
          JobBuilder.newJob(PrintJob.class).withIdentity("print").build(),
          TriggerBuilder.newTrigger()
              .withIdentity("each second")
              .withSchedule(CronScheduleBuilder.cronSchedule("* * * * * ?")
                  .withMisfireHandlingInstructionDoNothing())
              .build());
      scheduler.start();
      System.out.println("quartz " + scheduler.getMetaData().getVersion());
    }
    ZkClient client = ZkClient.builder(args[0])
        .root(args[1])
        .connectTimeout(Duration.ofMinutes(1))
        .connect();
    JobScheduler node = JobScheduler.builder(client)
        .engine(new QuartzTriggerEngine())
        .history(HistorySink.none())
        .start();
    node.handle("tick", run -> System.out.println("ran " + run.slot().instant()));
    new CountDownLatch(1).await();
  }
}
