package io.zookit.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests what remains of a scheduler that is closed while its client stays open. */
@Timeout(180)
class ClosedSchedulerIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Duration LONG = Duration.ofSeconds(60);

  private ZkClient client;

  @BeforeEach
  void connect() {
    client = ZkClient.builder(zooKeeper.connectString())
        .root(zooKeeper.freshRoot())
        .connectTimeout(Duration.ofMinutes(1))
        .connect();
  }

  @AfterEach
  void close() {
    client.close();
  }

  private JobScheduler start() {
    return JobScheduler.builder(client).history(HistorySink.none()).start();
  }

  /** Runs a job that is defined now, so that its partition is followed. */
  private void runOnce(JobScheduler scheduler, String job) throws Exception {
    CountDownLatch ran = new CountDownLatch(1);
    scheduler.handle(job, run -> ran.countDown());
    scheduler.define(Job.named(job));
    scheduler.trigger(job);
    assertThat(ran.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void close_clientStaysOpen_leavesNoWatch() throws Exception {
    JobLedger.in(client).define(Job.named("first"));
    int before = zooKeeper.server().watchCount();
    JobScheduler scheduler = start();
    runOnce(scheduler, "second");
    assertThat(zooKeeper.server().watchCount()).isGreaterThan(before);
    scheduler.close();
    await().atMost(LONG).until(() -> zooKeeper.server().watchCount() == before);
    assertThat(JobLedger.in(client).find("second")).isPresent();
  }

  /** Both follow the same nodes in one session. */
  @Test
  void close_oneOfTwoOfAClient_theOtherStillLearnsOfNewJobs() throws Exception {
    JobScheduler closed = start();
    JobScheduler open = start();
    runOnce(open, "first");
    closed.close();
    runOnce(open, "second");
    open.close();
  }
}
