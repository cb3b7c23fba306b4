package io.zookit.id.internal.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.id.IdUnavailableException;
import io.zookit.testkit.internal.sim.SimulatedClient;
import io.zookit.testkit.internal.sim.SimulatedConnection;
import io.zookit.testkit.internal.sim.SimulatedRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Changes of a shared value over a model of ZooKeeper in virtual time, with lost answers, ends of sessions, kills, stops,
 * lagging servers, restarts and replaced nodes.
 *
 * <p>{@code -Dzookit.seeds=N} sets how many seeds, {@code -Dzookit.seed=N} replays one.
 */
class ValueSimulationTest {

  private static final int FEW_SEEDS = 20;
  private static final int SEEDS = Integer.getInteger("zookit.seeds", 400);
  private static final int MUTANT_SEEDS = 3_000;

  @Test
  void simulation_fewSeeds_makesEachChangeOnce() {
    simulate(FEW_SEEDS);
  }

  @Test
  @Tag("full")
  void simulation_manySeeds_makesEachChangeOnce() {
    simulate(SEEDS);
  }

  private static void simulate(int seeds) {
    Long replayed = Long.getLong("zookit.seed");
    long first = replayed == null ? System.nanoTime() : replayed;
    int count = replayed == null ? seeds : 1;
    long changes = 0;
    for (int i = 0; i < count; i++) {
      ValueSimulation run = new ValueSimulation(first + i, ValueMutation.NONE);
      List<String> findings = run.run();
      assertThat(findings).as("seed=%d", first + i).isEmpty();
      changes += run.changes();
    }
    System.out.println("zookit.seed=" + first + ", " + count + " seeds, " + changes);
    assertThat(changes).isGreaterThan(count * 50L);
  }

  @Test
  void simulation_lostAnswerTakenAsRefused_isCaught() {
    for (int seed = 1; seed <= MUTANT_SEEDS; seed++) {
      List<String> findings =
          new ValueSimulation(seed, ValueMutation.LOST_ANSWER_TAKEN_AS_REFUSED).run();
      if (!findings.isEmpty()) {
        return;
      }
    }
    throw new AssertionError("not noticed in " + MUTANT_SEEDS + " runs");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31})
  void write_upTo31WritesAfterLostAnswer_isFoundAmongTheLast32(int others) {
    assertThat(afterLoss(true, others).join()).isTrue();
  }

  @Test
  void write_32WritesAfterLostRequest_isKnownNotToHaveHappened() {
    assertThat(afterLoss(false, 32).join()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void write_33WritesAfterLostAnswer_isUnknown(boolean happened) {
    CompletableFuture<Boolean> outcome = afterLoss(happened, 33);

    assertThatThrownBy(outcome::join)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOf(IdUnavailableException.class)
        .hasMessageContaining("more than 32 changes followed it");
  }

  /**
   * The connection breaks around a change, and others change the value before the client is connected again.
   *
   * @param happens whether the answer is lost, not the request
   */
  private static CompletableFuture<Boolean> afterLoss(boolean happens, int others) {
    SharedWorld world = new SharedWorld(11);
    SimulatedClient mine = world.client();
    SimulatedClient theirs = world.client();
    ValueCell cell = ValueMutation.NONE.value(mine, "n");
    ValueCell other = ValueMutation.NONE.value(theirs, "n");
    SharedWorld.onConnected(mine, cell::onConnected);
    SharedWorld.onConnected(theirs, other::onConnected);
    mine.curator().connect();
    theirs.curator().connect();
    world.time.run(Duration.ofSeconds(1));
    CompletableFuture<ValueCell.SeenValue> read = cell.read();
    world.time.run(Duration.ofSeconds(1));
    AtomicBoolean lost = new AtomicBoolean();
    long session = mine.connection().orElseThrow().sessionId();
    BiPredicate<SimulatedConnection, SimulatedRequest> once =
        (from, request) -> from.sessionId() == session
            && request.kind() == SimulatedRequest.Kind.WRITE
            && lost.compareAndSet(false, true);
    if (happens) {
      world.ensemble.loseAnswers(once);
    } else {
      world.ensemble.loseRequests(once);
    }
    CompletableFuture<Boolean> outcome = cell.write(read.join(), "0");
    world.time.run(Duration.ofMillis(20));
    mine.curator().isolate();
    for (int i = 1; i <= others; i++) {
      CompletableFuture<ValueCell.SeenValue> seen = other.read();
      world.time.run(Duration.ofMillis(200));
      CompletableFuture<Boolean> written = other.write(seen.join(), Integer.toString(i));
      world.time.run(Duration.ofMillis(200));
      assertThat(written.join()).isTrue();
    }
    assertThat(lost).isTrue();
    assertThat(outcome).isNotDone();
    mine.curator().rejoin();
    world.time.run(Duration.ofSeconds(30));
    return outcome;
  }
}
