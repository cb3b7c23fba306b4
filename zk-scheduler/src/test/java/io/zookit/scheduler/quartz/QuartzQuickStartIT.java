package io.zookit.scheduler.quartz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.FencingToken;
import io.zookit.core.ZkClient;
import io.zookit.scheduler.JobLedger;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.testkit.ZkServerExtension;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.quartz.CronScheduleBuilder;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.impl.SchedulerRepository;
import org.quartz.impl.StdSchedulerFactory;

/** The quick start of docs/scheduler.md: a plain Quartz application on two nodes, configured by the file of the guide. */
@Timeout(240)
@Tag("full")
@SuppressWarnings("JavaUtilDate") // Quartz' currency
class QuartzQuickStartIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Duration LONG = Duration.ofMinutes(1);
  private static final ConcurrentLinkedQueue<NodeFire> FIRES = new ConcurrentLinkedQueue<>();

  private final List<Scheduler> nodes = new ArrayList<>();
  private String root = "";

  /** A run of the application's job, with the time it was run for. */
  private record NodeFire(long time, boolean hasToken) {}

  /** The application's job. */
  public static final class ReportJob implements Job {

    /** For Quartz. */
    public ReportJob() {}

    @Override
    public void execute(JobExecutionContext context) {
      FIRES.add(new NodeFire(
          context.getScheduledFireTime().getTime(),
          context.get(ExclusiveJobsPlugin.TOKEN) instanceof FencingToken));
    }
  }

  @BeforeEach
  void open() {
    FIRES.clear();
    root = zooKeeper.freshRoot();
  }

  @AfterEach
  void stop() throws Exception {
    for (Scheduler node : nodes) {
      node.shutdown(true);
    }
  }

  private static String propertiesOfTheGuide() throws Exception {
    Path guide = Path.of(System.getProperty("basedir", "")).resolve("../docs/scheduler.md");
    Matcher found =
        Pattern.compile("(?s)```properties\\n(.*?)```").matcher(Files.readString(guide));
    assertThat(found.find()).isTrue();
    return found.group(1);
  }

  private static String replaced(String text, String before, String after) {
    assertThat(text).contains(before);
    return text.replace(before, after);
  }

  private Properties properties() throws Exception {
    String text =
        replaced(propertiesOfTheGuide(), "zk1:2181,zk2:2181,zk3:2181", zooKeeper.connectString());
    Properties properties = new Properties();
    properties.load(new StringReader(replaced(text, "= /zookit", "= " + root)));
    return properties;
  }

  private void startTwoNodes(Properties properties) throws Exception {
    for (int i = 0; i < 2; i++) {
      SchedulerRepository.getInstance().remove("reports"); // one JVM stands for two
      nodes.add(new StdSchedulerFactory(properties).getScheduler());
    }
    for (Scheduler node : nodes) {
      JobDetail report =
          JobBuilder.newJob(ReportJob.class).withIdentity("report").build();
      Trigger everySecond = TriggerBuilder.newTrigger()
          .withIdentity("nightly")
          .withSchedule(CronScheduleBuilder.cronSchedule("* * * * * ?")
              .withMisfireHandlingInstructionDoNothing())
          .build();
      node.scheduleJob(report, everySecond);
      node.start();
    }
  }

  private static long distinctTimes() {
    return FIRES.stream().map(NodeFire::time).distinct().count();
  }

  @Test
  void twoNodes_withTheFileOfTheGuide_runEachFireTimeOnce() throws Exception {
    startTwoNodes(properties());

    await().atMost(LONG).until(() -> distinctTimes() >= 5);

    for (Scheduler node : nodes) {
      node.standby();
    }
    assertThat(FIRES.stream().map(NodeFire::time)).doesNotHaveDuplicates();
    assertThat(FIRES).allMatch(NodeFire::hasToken);
    try (ZkClient client = ZkClient.builder(zooKeeper.connectString())
        .connectTimeout(LONG)
        .root(root)
        .connect()) {
      assertThat(JobLedger.in(client).history("quartz.reports.DEFAULT.nightly"))
          .isNotEmpty()
          .allMatch(run -> run.outcome() == SlotOutcome.RAN);
    }
  }

  /** The control: without the new lines each node runs everything. */
  @Test
  void twoNodes_withoutTheNewLines_runFireTimesTwice() throws Exception {
    Properties plain = properties();
    plain.keySet().removeIf(key -> key.toString().startsWith("org.quartz.plugin.zookit."));
    assertThat(plain).hasSize(3);

    startTwoNodes(plain);

    await().atMost(LONG).until(() -> FIRES.size() - distinctTimes() >= 2);
    assertThat(FIRES).noneMatch(NodeFire::hasToken);
  }
}
