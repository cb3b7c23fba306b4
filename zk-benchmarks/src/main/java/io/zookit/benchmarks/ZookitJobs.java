package io.zookit.benchmarks;

import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import io.zookit.scheduler.HistorySink;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobScheduler;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Zookit's nodes, each with a connection of its own. */
final class ZookitJobs implements JobBench {

  private static final int DEFINING = 16;

  private final List<ZkClient> clients = new ArrayList<>();
  private final List<JobScheduler> nodes = new ArrayList<>();

  ZookitJobs(String address, int size, Fires fires) {
    String root = "/bench-" + Timekeeper.system().now().toEpochMilli();
    for (int i = 0; i < size; i++) {
      ZkClient client = ZkClient.builder(address)
          .root(root)
          .sessionTimeout(Duration.ofSeconds(30))
          .label("bench-" + i)
          .connect();
      clients.add(client);
      JobScheduler node = JobScheduler.builder(client)
          .history(HistorySink.none())
          .patience(Duration.ofMillis(100))
          .concurrency(512)
          .start();
      nodes.add(node);
      node.handle("bench", run -> fires.onFire(run.job(), run.scheduledTime().toEpochMilli()));
    }
  }

  @Override
  public void start(int jobs) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(DEFINING);
    List<Future<?>> defined = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      Job job = Job.named("j" + i).handledBy("bench").cron("* * * * * ?", ZoneOffset.UTC);
      defined.add(threads.submit(() -> nodes.get(0).define(job)));
    }
    for (Future<?> each : defined) {
      each.get();
    }
    threads.shutdown();
  }

  @Override
  public void close() {
    nodes.forEach(JobScheduler::close);
    clients.forEach(ZkClient::close);
  }
}
