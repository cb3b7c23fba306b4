package io.zookit.scheduler.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.scheduler.CatchUp;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.OnDeath;
import io.zookit.scheduler.Overlap;
import io.zookit.scheduler.time.Schedule;
import io.zookit.testkit.internal.sim.Defect;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The whole protocol in virtual time under seeded faults. {@code -Dzookit.seed=N} repeats one seed,
 * {@code -Dzookit.seeds=N} runs N seeds; {@link LedgerSeedsIT} runs very many.
 */
class LedgerSimulationTest {

  private static final int SEEDS = Integer.getInteger("zookit.seeds", 16);
  private static final long FIRST = 1_000;
  private static final int ENOUGH = 4;

  private static final Map<String, Integer> ALL =
      Map.of("a", 1, "b", 1, "c", 1, "d", 1, "e", 1, "f", 1);

  @Test
  @Tag("full")
  void anyFaults_everySlotIsClaimedAtMostOnceAndHasOneFate() {
    Long only = Long.getLong("zookit.seed");
    LongStream seeds = only == null ? LongStream.range(FIRST, FIRST + SEEDS) : LongStream.of(only);
    seeds.forEach(LedgerSimulationTest::check);
  }

  /** The same for slots in shards: broadcasts, and shards of several slots at a time. */
  @Test
  @Tag("full")
  void anyFaults_everyPartIsRunAndTheRunAfterAllShardsIsClaimedOnce() {
    LongStream.range(FIRST, FIRST + SEEDS / 2).forEach(LedgerSimulationTest::checkParts);
  }

  static void check(long seed) {
    check(seed, LedgerSimulationTest::define);
  }

  static void checkParts(long seed) {
    check(seed, LedgerSimulationTest::defineParts);
  }

  private static void check(long seed, Consumer<SimWorld> jobs) {
    SimWorld world = new SimWorld(seed);
    run(world, jobs);
    assertThat(world.violations).as("seed %d", seed).isEmpty();
    assertThat(world.claims()).as("claims with seed %d", seed).isGreaterThan(30);
  }

  /** The controls: with such an error in the simulated ZooKeeper the same check must fail. */
  @ParameterizedTest
  @EnumSource(names = {"VERSIONS_IGNORED", "DEADLINE_IGNORED"})
  @Tag("full")
  void simulationWithADefect_isCaught(Defect defect) {
    int caught = 0;
    for (long seed = FIRST; seed < FIRST + 20 && caught < ENOUGH; seed++) {
      SimWorld world = new SimWorld(seed, defect);
      storm(world, LedgerSimulationTest::define);
      world.verifyAll();
      if (!world.violations.isEmpty()) {
        System.out.println(defect + " caught by " + world.violations.get(0));
        caught++;
      }
    }
    assertThat(caught).isEqualTo(ENOUGH);
  }

  private static void run(SimWorld world, Consumer<SimWorld> jobs) {
    storm(world, jobs);
    world.nodes.forEach(node -> node.process.thaw());
    world.leaderOffset(0);
    world.time.run(Duration.ofSeconds(40));
    world.verifyAll();
    verifyProgress(world);
  }

  private static void storm(SimWorld world, Consumer<SimWorld> jobs) {
    world.time.mixedFlights();
    jobs.accept(world);
    for (int i = 0; i < 3; i++) {
      world.node(ALL).shiftWallClock(world.pick(-3_000, 3_000));
    }
    world.time.run(Duration.ofSeconds(5));
    for (int step = 0; step < 25; step++) {
      fault(world, world.random);
      world.time.run(Duration.ofMillis(world.pick(200, 5_000)));
    }
  }

  private static void define(SimWorld world) {
    world.define(Job.named("a").cron("* * * * * ?", ZoneOffset.UTC));
    world.define(Job.named("b")
        .on(Schedule.every(Duration.ofSeconds(3)))
        .overlap(Overlap.QUEUE_ONE)
        .onDeath(OnDeath.rerun(3))
        .catchUp(CatchUp.runAll(Duration.ofHours(1), 5)));
    world.define(Job.named("c")
        .on(Schedule.every(Duration.ofSeconds(2)))
        .overlap(Overlap.ALLOW)
        .catchUp(CatchUp.coalesce(Duration.ofSeconds(30))));
    world.define(
        Job.named("d").on(Schedule.delay(Duration.ofSeconds(2))).jitter(Duration.ofMillis(700)));
    world.define(Job.named("e")
        .on(Schedule.every(Duration.ofSeconds(5)))
        .sharded(3)
        .onDeath(OnDeath.rerun(3)));
    world.define(Job.named("f")
        .on(Schedule.every(Duration.ofSeconds(4)))
        .overlap(Overlap.REPLACE)
        .evictAfter(Duration.ofSeconds(3)));
  }

  private static void defineParts(SimWorld world) {
    world.define(Job.named("a").on(Schedule.every(Duration.ofSeconds(6))).broadcast());
    world.define(Job.named("b")
        .on(Schedule.every(Duration.ofSeconds(3)))
        .sharded(2)
        .overlap(Overlap.ALLOW)
        .onDeath(OnDeath.rerun(4)));
    world.define(Job.named("c").on(Schedule.every(Duration.ofSeconds(4))).sharded(3));
    world.define(Job.named("d")
        .on(Schedule.every(Duration.ofSeconds(5)))
        .broadcast()
        .overlap(Overlap.QUEUE_ONE));
    world.define(Job.named("e").cron("0/2 * * * * ?", ZoneOffset.UTC).onDeath(OnDeath.rerun(2)));
    world.define(Job.named("f")
        .on(Schedule.every(Duration.ofSeconds(2)))
        .overlap(Overlap.ALLOW)
        .onDeath(OnDeath.rerun(3)));
  }

  private static void fault(SimWorld world, Random random) {
    SimWorld.SimNode node = world.nodes.get(random.nextInt(world.nodes.size()));
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> node.cut(world.pick(10, 2_000));
      case 3 -> node.cut(world.pick(9_000, 14_000));
      case 4 -> node.freeze(world.pick(100, 3_000));
      case 5, 6 -> node.freeze(world.pick(9_000, 20_000));
      case 7 -> {
        node.kill();
        world.node(ALL);
      }
      case 8 -> node.shiftWallClock(random.nextBoolean() ? 200_000_000 : -7_200_000);
      case 9 -> world.leaderOffset(random.nextBoolean() ? 90_000_000 : 0);
      case 10 -> world.trigger("b", "t" + world.millis());
      default -> {
        if (random.nextBoolean()) {
          world.time.mixedFlights();
        } else {
          world.longestDelay(400);
        }
      }
    }
  }

  /** After healing the jobs go on. */
  private static void verifyProgress(SimWorld world) {
    world.states.forEach((job, state) -> assertThat(world.millis() - state.watermark())
        .as("seed %d: job %s has not moved: %s", world.seed, job, world.describe(job))
        .isLessThan(30_000));
    assertThat(List.copyOf(world.nodes)).isNotEmpty();
  }
}
