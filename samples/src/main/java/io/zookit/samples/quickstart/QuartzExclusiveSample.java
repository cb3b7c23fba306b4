package io.zookit.samples.quickstart;

import io.zookit.scheduler.quartz.ExclusiveJobsPlugin;
import io.zookit.testkit.ZkServer;
import java.time.Instant;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.quartz.CronScheduleBuilder;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.TriggerBuilder;
import org.quartz.impl.SchedulerRepository;
import org.quartz.impl.StdSchedulerFactory;

/** Makes two nodes of a Quartz application run each fire time once, by three lines of configuration. */
public final class QuartzExclusiveSample {

  private static final BlockingQueue<Instant> RAN = new LinkedBlockingQueue<>();

  /** The application's job, which knows nothing of Zookit. */
  public static final class ReportJob implements Job {

    @Override
    public void execute(JobExecutionContext context) {
      Instant time = context.getScheduledFireTime().toInstant();
      System.out.println("fire time " + time + ", token " + context.get(ExclusiveJobsPlugin.TOKEN));
      RAN.add(time);
    }
  }

  /** Runs the sample. */
  public static void main(String[] args) throws Exception {
    try (ZkServer server = args.length == 0 ? ZkServer.start() : null) {
      Properties quartz = new Properties();
      quartz.setProperty("org.quartz.scheduler.instanceName", "sample-reports");
      quartz.setProperty("org.quartz.threadPool.threadCount", "2");
      String plugin = "org.quartz.plugin.zookit.";
      quartz.setProperty(plugin + "class", ExclusiveJobsPlugin.class.getName());
      quartz.setProperty(plugin + "connect", server == null ? args[0] : server.connectString());
      quartz.setProperty(plugin + "root", "/zookit");
      Scheduler one = startNode(quartz);
      Scheduler two = startNode(quartz);
      try {
        System.out.println("two nodes have the same trigger, due every second");
        Set<Instant> times = new HashSet<>();
        for (int i = 0; i < 4; i++) {
          Instant time = RAN.poll(30, TimeUnit.SECONDS);
          if (time == null || !times.add(time)) {
            throw new IllegalStateException("no run within 30 s, or a second one: " + time);
          }
        }
        System.out.println("4 fire times, 4 runs: each ran on one node only");
      } finally {
        one.shutdown(true);
        two.shutdown(true);
      }
    }
  }

  private static Scheduler startNode(Properties quartz) throws Exception {
    SchedulerRepository.getInstance().remove("sample-reports"); // this JVM stands for two nodes
    Scheduler node = new StdSchedulerFactory(quartz).getScheduler();
    node.scheduleJob(
        JobBuilder.newJob(ReportJob.class).build(),
        TriggerBuilder.newTrigger()
            .withIdentity("every-second")
            .withSchedule(CronScheduleBuilder.cronSchedule("* * * * * ?")
                .withMisfireHandlingInstructionDoNothing())
            .build());
    node.start();
    return node;
  }
}
