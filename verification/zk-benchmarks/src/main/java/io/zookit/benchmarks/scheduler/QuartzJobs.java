package io.zookit.benchmarks.scheduler;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.quartz.CronScheduleBuilder;
import org.quartz.CronTrigger;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.TriggerBuilder;
import org.quartz.impl.SchedulerRepository;
import org.quartz.impl.StdSchedulerFactory;

/** Quartz' nodes, clustered by a PostgreSQL of their own, with the settings of its documentation. */
@SuppressWarnings("JavaUtilDate") // Quartz' currency
final class QuartzJobs implements JobBench {

  private static final AtomicReference<Fires> FIRES = new AtomicReference<>((job, slot) -> {});
  private static final String TABLES = "/org/quartz/impl/jdbcjobstore/tables_postgres.sql";

  private final EmbeddedPostgres postgres;
  private final List<Scheduler> nodes = new ArrayList<>();

  /** The job that is run. */
  public static final class Fire implements Job {

    /** For Quartz. */
    public Fire() {}

    @Override
    public void execute(JobExecutionContext context) {
      Objects.requireNonNull(FIRES.get())
          .onFire(
              context.getTrigger().getKey().getName(),
              context.getScheduledFireTime().getTime());
    }
  }

  QuartzJobs(int size, Fires fires) throws IOException, SQLException, SchedulerException {
    FIRES.set(fires);
    postgres = EmbeddedPostgres.start();
    createTables();
    for (int i = 0; i < size; i++) {
      nodes.add(node("node" + i));
    }
  }

  private void createTables() throws IOException, SQLException {
    try (InputStream file = Objects.requireNonNull(Job.class.getResourceAsStream(TABLES));
        Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(new String(file.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private Scheduler node(String name) throws SchedulerException {
    Properties settings = new Properties();
    settings.setProperty("org.quartz.scheduler.instanceName", "bench");
    settings.setProperty("org.quartz.scheduler.instanceId", name);
    settings.setProperty("org.quartz.threadPool.threadCount", "10");
    settings.setProperty("org.quartz.jobStore.class", "org.quartz.impl.jdbcjobstore.JobStoreTX");
    settings.setProperty(
        "org.quartz.jobStore.driverDelegateClass",
        "org.quartz.impl.jdbcjobstore.PostgreSQLDelegate");
    settings.setProperty("org.quartz.jobStore.isClustered", "true");
    settings.setProperty("org.quartz.jobStore.dataSource", name);
    String source = "org.quartz.dataSource." + name + ".";
    settings.setProperty(source + "provider", "hikaricp");
    settings.setProperty(source + "driver", "org.postgresql.Driver");
    settings.setProperty(source + "URL", postgres.getJdbcUrl("postgres", "postgres"));
    settings.setProperty(source + "user", "postgres");
    settings.setProperty(source + "password", "postgres");
    settings.setProperty(source + "maxConnections", "14");
    SchedulerRepository.getInstance().remove("bench");
    return new StdSchedulerFactory(settings).getScheduler();
  }

  @Override
  public void start(int jobs) throws SchedulerException {
    for (int i = 0; i < jobs; i++) {
      nodes.get(0).scheduleJob(job("j" + i), trigger("j" + i));
    }
    for (Scheduler node : nodes) {
      node.start();
    }
  }

  static JobDetail job(String name) {
    return JobBuilder.newJob(Fire.class).withIdentity(name).build();
  }

  private static CronTrigger trigger(String name) {
    return trigger(name, "* * * * * ?");
  }

  static CronTrigger nightly(String name) {
    return trigger(name, "0 0 3 * * ?");
  }

  private static CronTrigger trigger(String name, String cron) {
    return TriggerBuilder.newTrigger()
        .withIdentity(name)
        .withSchedule(
            CronScheduleBuilder.cronSchedule(cron).withMisfireHandlingInstructionIgnoreMisfires())
        .build();
  }

  @Override
  public void close() throws SchedulerException, IOException {
    Set<Scheduler> open = new HashSet<>(nodes);
    for (Scheduler node : open) {
      node.shutdown(false);
    }
    postgres.close();
  }
}
