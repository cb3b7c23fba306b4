package io.zookit.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.zookit.core.ZkClient;
import io.zookit.scheduler.SlotClaims.SlotClaim;
import io.zookit.scheduler.time.Slot;
import io.zookit.testkit.Fault;
import io.zookit.testkit.FaultProxy;
import io.zookit.testkit.Op;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests claims of callers that abandon them: they are ended although their process is alive. */
@Timeout(300)
class SlotClaimsIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String JOB = "quartz.job";

  private final String root = zooKeeper.freshRoot();
  private FaultProxy proxy;
  private ZkClient client;
  private ZkClient other;

  @BeforeEach
  void connect() {
    proxy = FaultProxy.to(zooKeeper.server());
    client = ZkClient.builder(proxy.connectString())
        .connectTimeout(Duration.ofMinutes(1))
        .root(root)
        .connect();
    other = ZkClient.builder(zooKeeper.connectString())
        .connectTimeout(Duration.ofMinutes(1))
        .root(root)
        .connect();
  }

  @AfterEach
  void close() {
    client.close();
    other.close();
    proxy.close();
  }

  private static Slot slot(int second) {
    return Slot.at(Instant.parse("2026-01-01T00:00:00Z").plusSeconds(second));
  }

  private Optional<SlotClaim> tryClaim(int second) throws InterruptedException {
    return SlotClaims.in(client).tryClaim(JOB, slot(second));
  }

  private List<RunRecord> history() throws InterruptedException {
    return JobLedger.in(other).history(JOB);
  }

  /** Most of them are in ranges by then, and no longer in the state. */
  @Test
  void end_manySlots_historyHasTheLastOfThem() throws Exception {
    for (int second = 1; second <= 30; second++) {
      SlotOutcome outcome = second % 2 == 0 ? SlotOutcome.RAN : SlotOutcome.FAILED;
      assertThat(tryClaim(second).orElseThrow().end(outcome, null)).isTrue();
    }
    assertThat(history())
        .extracting(RunRecord::slot)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 20).mapToObj(i -> slot(31 - i)).toList());
    assertThat(history().get(19).outcome()).isEqualTo(SlotOutcome.FAILED);
    assertThat(tryClaim(7)).isEmpty();
  }

  @Test
  void end_callerInterrupted_isRecordedInTheBackground() throws Exception {
    SlotClaim claim = tryClaim(1).orElseThrow();
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> claim.end(SlotOutcome.FAILED, "no paper"));
    await().atMost(LONG).until(() -> !history().isEmpty());
    assertThat(history()).singleElement().satisfies(end -> {
      assertThat(end.outcome()).isEqualTo(SlotOutcome.FAILED);
      assertThat(end.error()).isEqualTo("no paper");
    });
    assertThat(claim.end(SlotOutcome.FAILED, "no paper")).isTrue();
  }

  @Test
  void tryClaim_callerInterruptedAfterTheCommit_isEndedInTheBackground() throws Exception {
    assertThat(tryClaim(1).orElseThrow().end(SlotOutcome.RAN, null)).isTrue();
    Fault fault = proxy.cutAfter(Op.MULTI, 2); // the first one asks for the time
    AtomicReference<String> came = new AtomicReference<>("");
    Thread caller = new Thread(() -> {
      try {
        came.set(tryClaim(2).toString());
      } catch (InterruptedException e) {
        came.set("interrupted");
      }
    });
    proxy.refuse(); // the connection that is open stays until the fault
    caller.start();
    assertThat(fault.await(LONG)).isTrue();
    caller.interrupt();
    caller.join();
    assertThat(came).hasValue("interrupted");
    proxy.heal();
    await().atMost(LONG).until(() -> history().size() == 2);
    assertThat(history().get(0).outcome()).isEqualTo(SlotOutcome.ORPHANED);
    assertThat(JobLedger.in(other).find(JOB).orElseThrow().running()).isEmpty();
    assertThat(tryClaim(3)).isPresent();
  }
}
