package io.zookit.samples.shop.orders;

import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import io.zookit.samples.shop.process.ShopEvent;
import io.zookit.samples.shop.process.ShopEvent.Kind;
import io.zookit.scheduler.HistorySink;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobRun;
import io.zookit.scheduler.JobScheduler;
import java.time.Duration;
import java.time.ZoneOffset;

/** Sales report: a job of all order services, due every two seconds instead of every night. */
public final class SalesReport {

  /** Name of the job. */
  public static final String JOB = "nightly-report";

  private static final Duration WORK = Duration.ofMillis(400);

  private SalesReport() {}

  /** Defines the job and starts a scheduler node that can run it. */
  static JobScheduler start(ZkClient zk) throws InterruptedException {
    JobScheduler scheduler =
        JobScheduler.builder(zk).history(HistorySink.none()).start();
    scheduler.schedule(
        Job.named(JOB).cron("0/2 * * * * ?", ZoneOffset.UTC).exclusive(), SalesReport::write);
    return scheduler;
  }

  private static void write(JobRun run) throws InterruptedException {
    ShopEvent.of(Kind.REPORTED)
        .with("slot", run.scheduledTime())
        .with("token", run.token())
        .report();
    Timekeeper.system().sleep(WORK); // as long as a report takes
  }
}
