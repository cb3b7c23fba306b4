package io.zookit.benchmarks.scheduler;

import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import io.zookit.scheduler.HistorySink;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobLedger;
import io.zookit.scheduler.JobScheduler;
import io.zookit.scheduler.time.Schedule;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Zookit's nodes, each with a connection of its own. */
final class ZookitJobs implements JobBench {

  private static final int DEFINING = 6;

  private final List<ZkClient> clients = new ArrayList<>();
  private final List<JobScheduler> nodes = new ArrayList<>();
  private final Fires fires;

  ZookitJobs(String address, int size, Fires fires) {
    this.fires = fires;
    String root = "/bench-" + Timekeeper.system().now().toEpochMilli();
    for (int i = 0; i < size; i++) {
      clients.add(ZkClient.builder(address)
          .root(root)
          .sessionTimeout(Duration.ofSeconds(30))
          .label("bench-" + i)
          .connect());
    }
  }

  @Override
  public void start(int jobs) throws Exception {
    start(jobs, Schedule.cron("* * * * * ?", ZoneOffset.UTC));
  }

  /** Defines jobs with another schedule. */
  void start(int jobs, Schedule schedule) throws Exception {
    JobLedger ledger = JobLedger.in(clients.get(0));
    ExecutorService threads = Executors.newFixedThreadPool(DEFINING);
    try {
      List<Future<?>> defined = new ArrayList<>();
      for (int i = 0; i < jobs; i++) {
        Job job = Job.named("j" + i).handledBy("bench").on(schedule);
        defined.add(threads.submit(() -> ledger.define(job)));
      }
      for (Future<?> each : defined) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
    clients.forEach(this::startNode);
  }

  private void startNode(ZkClient client) {
    JobScheduler node = JobScheduler.builder(client)
        .history(HistorySink.none())
        .patience(Duration.ofMillis(100))
        .concurrency(512)
        .start();
    nodes.add(node);
    node.handle("bench", run -> fires.onFire(run.job(), run.scheduledTime().toEpochMilli()));
  }

  @Override
  public void close() {
    nodes.forEach(JobScheduler::close);
    clients.forEach(ZkClient::close);
  }
}
