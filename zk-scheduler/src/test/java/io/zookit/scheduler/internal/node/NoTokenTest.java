package io.zookit.scheduler.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.FencingToken;
import io.zookit.core.IncarnationException;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.time.Schedule;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Tests claims for which no token can be issued, because it is not yet known whether ZooKeeper's data is right. In
 * virtual time.
 */
class NoTokenTest {

  private static final int JOBS = 6;

  private final SimWorld world = new SimWorld(7);
  private final AtomicInteger claims = new AtomicInteger();

  /** The data turns strange between the claim and its answer. */
  @Test
  void claim_whoseTokenIsRefused_fails_andThoseOfItsTransactionRun() {
    start();
    world.tokens = zxid -> token(zxid, zxid != 0 && claims.incrementAndGet() == 3);
    world.time.run(Duration.ofSeconds(20));
    assertThat(world.violations).isEmpty();
    assertThat(outcomes(SlotOutcome.FAILED)).isEqualTo(1);
    world.states.keySet().forEach(job -> {
      StateRecord state = world.state(job);
      assertThat(state.open()).as(job).isEmpty();
      assertThat(state.recent()).as(job).anyMatch(end -> end.outcome() == SlotOutcome.RAN);
    });
  }

  @Test
  void dataStrange_nothingIsClaimed_andAllIsWhenItIsRightAgain() {
    start();
    world.tokens = zxid -> token(zxid, true);
    world.time.run(Duration.ofSeconds(20));
    assertThat(world.claims()).isZero();
    world.tokens = zxid -> token(zxid, false);
    world.time.run(Duration.ofSeconds(20));
    assertThat(outcomes(SlotOutcome.FAILED)).isZero();
    assertThat(outcomes(SlotOutcome.RAN)).isGreaterThanOrEqualTo(JOBS);
  }

  private void start() {
    world.failing = 0;
    Map<String, Integer> handlers = new java.util.HashMap<>();
    for (int i = 0; i < JOBS; i++) {
      world.define(Job.named("j" + i).on(Schedule.every(Duration.ofSeconds(8))));
      handlers.put("j" + i, 1);
    }
    world.node(handlers);
  }

  private static FencingToken token(long zxid, boolean refused) {
    if (refused) {
      throw new IncarnationException("the data is strange");
    }
    return new FencingToken(1, zxid, 0);
  }

  private long outcomes(SlotOutcome outcome) {
    return world.states.keySet().stream()
        .flatMap(job -> world.state(job).recent().stream())
        .filter(end -> end.outcome() == outcome)
        .count();
  }
}
