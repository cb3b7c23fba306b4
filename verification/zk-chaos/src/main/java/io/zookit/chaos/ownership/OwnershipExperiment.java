package io.zookit.chaos.ownership;

import io.zookit.chaos.experiment.BaselineRate;
import io.zookit.chaos.experiment.ClientProcess;
import io.zookit.chaos.experiment.Experiment;
import io.zookit.chaos.experiment.ExperimentResult;
import io.zookit.chaos.experiment.FaultTimeline;
import io.zookit.chaos.experiment.ResultBuilder;
import io.zookit.chaos.experiment.RunSettings;
import io.zookit.chaos.experiment.Stopwatch;
import io.zookit.chaos.experiment.Testbed;
import io.zookit.chaos.fault.FaultAction;
import io.zookit.chaos.fault.FaultActions;
import io.zookit.chaos.fault.FaultInjector;
import io.zookit.core.Timekeeper;
import io.zookit.testkit.Op;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Processes own partitions and write to a store that takes the newest token only, while they are killed, stopped and cut off.
 * Without faults, before them and after them, a process joins, and one dies: no partition may move that need not. The controls
 * are the same store without a fence, and members as in textbooks, which must own partitions twice.
 */
public final class OwnershipExperiment implements Experiment {

  /** Writes a minute and partition of a machine for which the thresholds are made, while nothing is broken. */
  private static final long UNFAULTED = 100;

  /** Long enough for a busy machine, on which a process that stands still by itself loses its partitions. */
  private static final Duration SESSION = Duration.ofSeconds(4);

  private static final Duration CALM = Duration.ofSeconds(2);
  private static final Duration SETTLED = Duration.ofSeconds(90);
  private static final Duration PROVOKED = Duration.ofSeconds(12);
  private static final Duration LATE = Duration.ofSeconds(15);
  private static final Duration BESIDE = Duration.ofSeconds(4);

  private final int members;
  private final int partitions;
  private long foreignMoves;
  private long judgedMoves;
  private long unsettled;
  private long deposed;
  private long slowestMillis;

  /** Five processes with 256 partitions. */
  public OwnershipExperiment() {
    this(5, 256);
  }

  OwnershipExperiment(int members, int partitions) {
    this.members = members;
    this.partitions = partitions;
  }

  @Override
  public String name() {
    return "ownership";
  }

  @Override
  public String promise() {
    return "P12: nothing of an older owner is accepted after a newer one, and no partition moves that need not.";
  }

  @Override
  public ExperimentResult run(RunSettings settings) throws Exception {
    FaultTimeline timeline = new FaultTimeline();
    ResultBuilder results = new ResultBuilder(this, settings, timeline);
    try (Testbed testbed = Testbed.open(settings.logs(), SESSION, servers -> {});
        PartitionStore store = PartitionStore.start(partitions)) {
      for (int i = 1; i < members; i++) {
        join(testbed, store, "member-" + i);
      }
      FaultInjector injector = new FaultInjector(
          settings, since -> store.unwrittenSince(since).isEmpty(), () -> state(store));
      injector.awaitAllWorking();
      awaitSettled(testbed, store);
      joinInPeace(testbed, store, () -> join(testbed, store, "member-" + members));
      BaselineRate baseline = injector.measureBaseline(store::accepted);
      results.baseline(baseline);
      injector.run(deck(testbed, store), timeline);
      testbed.heal();
      awaitSettled(testbed, store);
      dieInPeace(testbed, store, new Random(settings.seed()));
      testbed.finish();
      judge(settings.at(baseline.speed(UNFAULTED * partitions)), timeline, store, results);
    }
    return results.outcome();
  }

  private ClientProcess join(Testbed testbed, PartitionStore store, String name) {
    return testbed.join(
        name,
        PartitionWorker.class,
        (life, line) -> store.events().add("printed", life, line),
        String.valueOf(store.port()),
        String.valueOf(partitions));
  }

  private String state(PartitionStore store) {
    return String.format(
        "writes %,d, refused %,d, control twice %,d",
        store.accepted(), store.refused(), store.controlTwice());
  }

  // Faults.

  private List<FaultAction> deck(Testbed testbed, PartitionStore store) {
    return List.of(
        outlive(testbed, store),
        cutAtMove(testbed),
        isolate(testbed, store),
        FaultActions.kill(testbed, PartitionWorker.STARTED),
        FaultActions.cut(testbed),
        FaultActions.killLeader(testbed),
        cutAtMove(testbed),
        FaultActions.pause(testbed),
        pauseLeader(testbed, store),
        FaultActions.cut(testbed),
        FaultActions.loseQuorum(testbed));
  }

  /** Stops an owner with SIGSTOP until others have written to its partitions: its writes come too late. */
  private static FaultAction outlive(Testbed testbed, PartitionStore store) {
    return FaultAction.named("pause until others go on", random -> {
      ClientProcess member = testbed.any(random);
      long refused = store.refused();
      long expired = testbed.servers().expiredSessions();
      long stopped = Timekeeper.system().nanos();
      member.child().pause();
      boolean over = FaultActions.awaitExpiry(testbed, expired);
      boolean others = Stopwatch.await(
          LATE,
          () -> store.changesSince(stopped).stream()
              .anyMatch(change -> change.from().equals(member.life())));
      member.child().resume();
      boolean late = Stopwatch.await(LATE, () -> store.refused() > refused);
      return new FaultAction.Hit(member.toString(), over && others && late);
    });
  }

  /** A process is killed, and the connection of another one is cut at a request by which partitions move then. */
  private static FaultAction cutAtMove(Testbed testbed) {
    return FaultAction.named("cut at a move", random -> {
      ClientProcess dead = testbed.any(random);
      ClientProcess member = testbed.any(random);
      boolean landed = member.cutAt(Op.MULTI, random.nextBoolean(), dead::replace, PROVOKED);
      return new FaultAction.Hit(member + " MULTI", landed);
    });
  }

  /** Nothing passes between one process and the servers, until its session has expired and the control has two owners. */
  private static FaultAction isolate(Testbed testbed, PartitionStore store) {
    return FaultAction.named("partition of a client", random -> {
      ClientProcess member = testbed.any(random);
      long expired = testbed.servers().expiredSessions();
      long twice = store.controlTwice();
      member.isolate();
      boolean landed = FaultActions.awaitExpiry(testbed, expired);
      Stopwatch.await(BESIDE, () -> store.controlTwice() > twice);
      member.heal();
      return new FaultAction.Hit(member.toString(), landed);
    });
  }

  /**
   * The leader stands still until there is another. When it goes on it answers for a moment, and clients that are connected to
   * it believe it: that is the one window in which two owners may believe.
   */
  private FaultAction pauseLeader(Testbed testbed, PartitionStore store) {
    FaultAction pause = FaultActions.pauseLeader(testbed);
    return FaultAction.named(pause.kind(), random -> {
      long before = store.believed();
      FaultAction.Hit hit = pause.cause(random);
      Stopwatch.pause(CALM);
      deposed += store.believed() - before;
      return hit;
    });
  }

  // Without faults.

  /** A process joins: partitions move to it, and to no other process. */
  private void joinInPeace(Testbed testbed, PartitionStore store, Supplier<ClientProcess> start)
      throws InterruptedException {
    long begin = Timekeeper.system().nanos();
    long expired = testbed.servers().expiredSessions();
    ClientProcess joined = start.get();
    boolean owns = Stopwatch.await(SETTLED, () -> store.loads().containsKey(joined.life()));
    awaitSettled(testbed, store);
    if (owns && testbed.servers().expiredSessions() == expired) {
      judgeMoves(store, begin, move -> move.to().equals(joined.life()));
    }
  }

  /** A process dies: its partitions move, and no others. Then it comes back. */
  private void dieInPeace(Testbed testbed, PartitionStore store, Random random)
      throws InterruptedException {
    ClientProcess member = testbed.any(random);
    String life = member.life();
    long begin = Timekeeper.system().nanos();
    long expired = testbed.servers().expiredSessions();
    member.child().kill();
    boolean owned = Stopwatch.await(SETTLED, () -> !store.loads().containsKey(life));
    slowestMillis = store.changesSince(begin).stream()
        .mapToLong(change -> (change.atNanos() - begin) / 1_000_000)
        .max()
        .orElse(0);
    awaitSettled(store, members - 1);
    // Its session, and that of the control in it.
    if (owned && testbed.servers().expiredSessions() <= expired + 2) {
      judgeMoves(store, begin, move -> move.from().equals(life));
    }
    joinInPeace(testbed, store, () -> {
      member.replace();
      return member;
    });
  }

  private void judgeMoves(
      PartitionStore store, long since, Predicate<PartitionStore.OwnerChange> allowed) {
    for (PartitionStore.OwnerChange move : store.changesSince(since)) {
      judgedMoves++;
      if (!allowed.test(move)) {
        foreignMoves++;
        store
            .events()
            .find("partition " + move.partition() + " moved from " + move.from() + " to "
                + move.to());
      }
    }
  }

  private void awaitSettled(Testbed testbed, PartitionStore store) throws InterruptedException {
    awaitSettled(store, testbed.members().size());
  }

  /** Waits until all partitions are written to, nothing moves, and all living processes own equally many. */
  private void awaitSettled(PartitionStore store, int living) throws InterruptedException {
    double quota = partitions / (double) living;
    LongPredicate calm = now -> store.unwrittenSince(now - CALM.toNanos()).isEmpty()
        && store.changesSince(now - CALM.toNanos()).isEmpty();
    boolean settled = Stopwatch.await(SETTLED, () -> {
      Map<String, Integer> loads = store.loads();
      return loads.size() == living
          && loads.values().stream().allMatch(load -> Math.abs(load - quota) <= 1)
          && calm.test(Timekeeper.system().nanos());
    });
    if (!settled) {
      unsettled++;
      store
          .events()
          .find("not settled: " + store.loads() + ", without writes: "
              + store.unwrittenSince(Timekeeper.system().nanos() - CALM.toNanos()));
    }
  }

  // Judgement.

  private void judge(
      RunSettings settings, FaultTimeline timeline, PartitionStore store, ResultBuilder results) {
    Duration bound = settings.reachable(FaultInjector.RECOVERY_BOUND);
    results
        .needs("writes", store.accepted(), settings.reachable(200L * partitions))
        .needs("faults", timeline.landed(), settings.reachable(20))
        .needs("writes of older owners, refused", store.refused(), 1)
        .needs("control: writes of two owners", store.controlTwice(), 1)
        .needs("moves judged in peace", judgedMoves, 1)
        .count("owned again after a death in peace, ms", slowestMillis)
        .count("believed a deposed leader", deposed)
        .violations(store.events().findings())
        .forbids(
            "older accepted, newest refused, moved or not settled",
            store.events().found())
        .forbids("moves that need not be", foreignMoves)
        .forbids("not settled in peace", unsettled)
        .forbids("believed beside a newer owner", store.believed() - deposed)
        .forbids("not back within " + bound.toSeconds() + " s", timeline.slower(bound));
  }
}
