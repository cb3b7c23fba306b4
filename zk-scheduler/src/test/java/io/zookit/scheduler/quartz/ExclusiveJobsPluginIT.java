package io.zookit.scheduler.quartz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.FencingToken;
import io.zookit.core.ZkClient;
import io.zookit.scheduler.JobLedger;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.quartz.CronScheduleBuilder;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.JobExecutionException;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.TriggerBuilder;
import org.quartz.impl.SchedulerRepository;
import org.quartz.impl.StdSchedulerFactory;

/** A Quartz application on two nodes that becomes exclusive by three lines of configuration. */
@Timeout(240)
@SuppressWarnings("JavaUtilDate") // Quartz' currency
@Tag("full")
class ExclusiveJobsPluginIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final ConcurrentLinkedQueue<Fired> FIRED = new ConcurrentLinkedQueue<>();

  /** A run of the application's job. */
  record Fired(long time, boolean token) {}

  /** The application's job. */
  public static final class Report implements Job {

    /** For Quartz. */
    public Report() {}

    @Override
    public void execute(JobExecutionContext context) throws JobExecutionException {
      FIRED.add(new Fired(
          context.getScheduledFireTime().getTime(),
          context.get(ExclusiveJobsPlugin.TOKEN) instanceof FencingToken));
      if (context.getScheduledFireTime().getTime() / 1000 % 2 == 0) {
        throw new JobExecutionException("even seconds fail");
      }
    }
  }

  @BeforeEach
  void clear() {
    FIRED.clear();
  }

  private static Scheduler node(String root, boolean exclusive) throws SchedulerException {
    Properties settings = new Properties();
    settings.setProperty("org.quartz.scheduler.instanceName", "app");
    settings.setProperty("org.quartz.threadPool.threadCount", "2");
    if (exclusive) {
      settings.setProperty("org.quartz.plugin.zookit.class", ExclusiveJobsPlugin.class.getName());
      settings.setProperty("org.quartz.plugin.zookit.connect", zooKeeper.connectString());
      settings.setProperty("org.quartz.plugin.zookit.root", root);
    }
    SchedulerRepository.getInstance().remove("app");
    return new StdSchedulerFactory(settings).getScheduler();
  }

  private static void schedule(Scheduler scheduler, CronScheduleBuilder cron)
      throws SchedulerException {
    scheduler.scheduleJob(
        JobBuilder.newJob(Report.class).withIdentity("report").build(),
        TriggerBuilder.newTrigger()
            .withIdentity("each second")
            .withSchedule(cron)
            .build());
  }

  private static CronScheduleBuilder eachSecond() {
    return CronScheduleBuilder.cronSchedule("* * * * * ?");
  }

  @Test
  void twoNodes_withThePlugin_runEachFireTimeOnce() throws Exception {
    String root = zooKeeper.freshRoot();
    List<Scheduler> nodes = List.of(node(root, true), node(root, true));
    try (ZkClient client = ZkClient.builder(zooKeeper.connectString())
        .connectTimeout(Duration.ofMinutes(1))
        .root(root)
        .connect()) {
      for (Scheduler each : nodes) {
        schedule(each, eachSecond().withMisfireHandlingInstructionDoNothing());
        each.start();
      }
      await().atMost(20, TimeUnit.SECONDS).until(() -> FIRED.size() >= 5);
      assertThat(FIRED.stream().map(Fired::time)).doesNotHaveDuplicates();
      assertThat(FIRED).allMatch(Fired::token);
      JobLedger ledger = JobLedger.in(client);
      await()
          .untilAsserted(() -> assertThat(ledger.history("quartz.app.DEFAULT.each_second"))
              .anyMatch(run ->
                  run.outcome() == SlotOutcome.FAILED && "even seconds fail".equals(run.error()))
              .anyMatch(run -> run.outcome() == SlotOutcome.RAN));
    } finally {
      for (Scheduler each : nodes) {
        each.shutdown(true);
      }
    }
  }

  /** The control: without the plugin both nodes run everything. */
  @Test
  void twoNodes_withoutThePlugin_runFireTimesTwice() throws Exception {
    List<Scheduler> nodes = List.of(node("/none", false), node("/none", false));
    try {
      for (Scheduler each : nodes) {
        schedule(each, eachSecond().withMisfireHandlingInstructionDoNothing());
        each.start();
      }
      await()
          .atMost(20, TimeUnit.SECONDS)
          .until(() -> FIRED.size() - FIRED.stream().map(Fired::time).distinct().count() >= 2);
    } finally {
      for (Scheduler each : nodes) {
        each.shutdown(true);
      }
    }
  }

  @Test
  void smartMisfires_areRefused() throws Exception {
    Scheduler only = node(zooKeeper.freshRoot(), true);
    try {
      schedule(only, eachSecond());
      only.start();
      await().pollDelay(2500, TimeUnit.MILLISECONDS).until(() -> true);
      assertThat(FIRED).isEmpty();
    } finally {
      only.shutdown(true);
    }
  }
}
