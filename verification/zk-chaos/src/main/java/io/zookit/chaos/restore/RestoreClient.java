package io.zookit.chaos.restore;

import io.zookit.chaos.experiment.ChildArguments;
import io.zookit.chaos.experiment.ChildWork;
import io.zookit.chaos.experiment.Stopwatch;
import io.zookit.config.ConfigStore;
import io.zookit.config.Namespace;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.lock.DistributedLock;
import io.zookit.lock.Lease;
import io.zookit.scheduler.HistorySink;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobScheduler;
import io.zookit.scheduler.time.Schedule;
import java.time.Duration;

/**
 * A child JVM that lives through a restore: it takes a lock again and again, follows a configuration and runs a job each
 * second, and prints what it is given and whether it suspects the data.
 */
final class RestoreClient {

  /** With the incarnation of a token that was given. */
  static final String GRANTED = "granted ";

  /** With the number of a release that came into force. */
  static final String RELEASE = "release ";

  /** With the incarnation of a run. */
  static final String RAN = "ran ";

  /** With the version of the lineage that was read last. */
  static final String VERSION = "version ";

  /** With the reason. */
  static final String SUSPECT = "suspect ";

  static final String TRUSTED = "trusted";

  static final Namespace NAMESPACE = Namespace.of("prod", "chaos", "restore");

  private static final String NAME = "restore";
  private static final Duration STEP = Duration.ofMillis(200);

  private RestoreClient() {}

  /** Arguments: those of a {@link ChildArguments}. */
  public static void main(String[] args) throws Exception {
    ChildWork work = ChildWork.begin();
    ChildArguments arguments = ChildArguments.of(args);
    try (ZkClient zk = arguments.start();
        JobScheduler node = JobScheduler.builder(zk)
            .label(arguments.member())
            .history(HistorySink.none())
            .start()) {
      node.handle(NAME, run -> System.out.println(RAN + run.token().incarnation()));
      ConfigStore.in(zk)
          .follow(NAMESPACE)
          .subscribe(snapshot -> System.out.println(RELEASE + snapshot.release()));
      work.daemon("watch", () -> watch(zk, work));
      define(node, work);
      takeLocks(zk, work);
    }
    ChildWork.end();
  }

  private static void watch(ZkClient zk, ChildWork work) throws InterruptedException {
    String before = TRUSTED;
    int version = -1;
    while (work.isOn()) {
      String now = zk.suspicion().map(why -> SUSPECT + why.reason()).orElse(TRUSTED);
      if (!now.equals(before)) {
        System.out.println(now);
      }
      before = now;
      int read = zk.lineage().map(lineage -> lineage.version()).orElse(version);
      if (read != version) {
        System.out.println(VERSION + read);
      }
      version = read;
      Stopwatch.pause(Duration.ofMillis(20));
    }
  }

  private static void define(JobScheduler node, ChildWork work) throws InterruptedException {
    for (boolean defined = false; !defined && work.isOn(); ) {
      try {
        node.define(Job.named(NAME).on(Schedule.every(Duration.ofSeconds(1))));
        defined = true;
      } catch (ZkException e) {
        Stopwatch.pause(STEP);
      }
    }
  }

  private static void takeLocks(ZkClient zk, ChildWork work) throws InterruptedException {
    DistributedLock lock = DistributedLock.named(NAME, zk);
    while (work.isOn()) {
      try (Lease lease = lock.acquire()) {
        System.out.println(GRANTED + lease.token().incarnation());
      } catch (ZkException e) {
        System.out.println("no lock: " + e.getMessage());
      }
      Stopwatch.pause(STEP);
    }
  }
}
