package io.zookit.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkUnavailableException;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests the state of the scheduler after its client is closed. */
@Timeout(120)
class ClosedClientIT {

  private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @Test
  void ledger_afterClose_failsAtOnce() throws Exception {
    ZkClient client = connect();
    JobLedger ledger = JobLedger.in(client);
    ledger.define(Job.named("a"));
    client.close();
    assertThatThrownBy(() -> ledger.trigger("a"))
        .isInstanceOf(ZkUnavailableException.class)
        .hasMessageContaining("the client is closed; nothing was sent");
  }

  /** With the patience of the node it would take 67 s. */
  @Test
  @Tag("full")
  void close_jobIgnoresInterrupts_isBounded() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    ZkClient client = connect();
    JobScheduler node = JobScheduler.builder(client)
        .history(HistorySink.none())
        .patience(Duration.ofMinutes(1))
        .start();
    node.handle("deaf", run -> {
      started.countDown();
      while (release.getCount() > 0) {
        try {
          release.await();
        } catch (InterruptedException e) {
          // goes on all the same
        }
      }
    });
    node.define(Job.named("deaf"));
    node.trigger("deaf");
    started.await();
    long start = Timekeeper.system().nanos();
    client.close();
    Duration took = Duration.ofNanos(Timekeeper.system().nanos() - start);
    release.countDown();
    assertThat(took).isLessThan(Duration.ofSeconds(30)); // 9 s and what a busy machine adds
  }

  @Test
  void close_endlessPatienceAndNothingRuns_returns() throws Exception {
    try (ZkClient client = connect()) {
      JobScheduler node = JobScheduler.builder(client)
          .history(HistorySink.none())
          .patience(FOREVER)
          .start();
      node.define(Job.named("idle"));
      node.close();
      assertThat(JobLedger.in(client).find("idle")).isPresent();
    }
  }

  private static ZkClient connect() {
    return ZkClient.builder(zooKeeper.connectString())
        .root(zooKeeper.freshRoot())
        .connectTimeout(Duration.ofMinutes(1))
        .connect();
  }
}
