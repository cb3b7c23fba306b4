package io.zookit.benchmarks.scheduler;

import io.zookit.core.Timekeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.SimpleLock;
import net.javacrumbs.shedlock.provider.zookeeper.curator.ZookeeperCuratorLockProvider;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.ExponentialBackoffRetry;

/** Nodes that all wake for each job each second and run it when ShedLock gives them the lock. */
final class ShedLockJobs implements JobBench {

  private static final Duration AT_MOST = Duration.ofSeconds(30);
  private static final Duration AT_LEAST = Duration.ofMillis(500);
  private static final int THREADS = 8;

  private final Timekeeper clock = Timekeeper.system();
  private final Fires fires;
  private final List<CuratorFramework> clients = new ArrayList<>();
  private final List<ScheduledExecutorService> nodes = new ArrayList<>();

  ShedLockJobs(String address, int size, Fires fires) {
    this.fires = fires;
    for (int i = 0; i < size; i++) {
      CuratorFramework client = CuratorFrameworkFactory.builder()
          .connectString(address)
          .sessionTimeoutMs(30_000)
          .retryPolicy(new ExponentialBackoffRetry(100, 5))
          .build();
      client.start();
      clients.add(client);
      nodes.add(Executors.newScheduledThreadPool(THREADS));
    }
  }

  @Override
  public void start(int jobs) {
    long first = 1_000 - Math.floorMod(clock.now().toEpochMilli(), 1_000L);
    for (int i = 0; i < nodes.size(); i++) {
      ZookeeperCuratorLockProvider locks = new ZookeeperCuratorLockProvider(clients.get(i));
      for (int job = 0; job < jobs; job++) {
        String name = "j" + job;
        nodes
            .get(i)
            .scheduleAtFixedRate(() -> tick(locks, name), first, 1_000, TimeUnit.MILLISECONDS);
      }
    }
  }

  private void tick(ZookeeperCuratorLockProvider locks, String name) {
    Instant now = clock.now();
    Optional<SimpleLock> lock = locks.lock(new LockConfiguration(now, name, AT_MOST, AT_LEAST));
    if (lock.isPresent()) {
      fires.onFire(name, now.getEpochSecond() * 1_000);
      lock.get().unlock();
    }
  }

  @Override
  public void close() {
    nodes.forEach(ScheduledExecutorService::shutdownNow);
    clients.forEach(CuratorFramework::close);
  }
}
