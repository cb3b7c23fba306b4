package io.zookit.chaos.counter;

import io.zookit.chaos.experiment.BaselineRate;
import io.zookit.chaos.experiment.Experiment;
import io.zookit.chaos.experiment.ExperimentResult;
import io.zookit.chaos.experiment.FaultTimeline;
import io.zookit.chaos.experiment.ResultBuilder;
import io.zookit.chaos.experiment.RunSettings;
import io.zookit.chaos.experiment.Testbed;
import io.zookit.chaos.fault.FaultAction;
import io.zookit.chaos.fault.FaultActions;
import io.zookit.chaos.fault.FaultInjector;
import io.zookit.chaos.resource.CounterService;
import io.zookit.chaos.resource.SectionFaults;
import io.zookit.testkit.Op;
import io.zookit.testkit.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * Four processes increment a counter under a lock while everything around them breaks. The counter refuses stale
 * tokens; the control counter next to it does not, and has to lose increments.
 */
public final class CounterExperiment implements Experiment {

  private static final int CLIENTS = 4;

  /** Increments a minute of a machine for which the thresholds are made, while nothing is broken. */
  private static final long UNFAULTED = 10_000;

  /** Observations that an experiment requires to be meaningful, in addition to a control that failed. */
  private interface Demand {
    void add(
        CounterCluster arena, RunSettings settings, FaultTimeline timeline, ResultBuilder results);
  }

  private final String name;
  private final String promise;
  private final Function<CounterCluster, List<FaultAction>> deck;
  private final Demand demand;

  private CounterExperiment(
      String name,
      String promise,
      Function<CounterCluster, List<FaultAction>> deck,
      Demand demand) {
    this.name = name;
    this.promise = promise;
    this.deck = deck;
    this.demand = demand;
  }

  /** Everything that breaks, mixed. */
  public static Experiment fencedCounter() {
    return new CounterExperiment(
        "fenced-counter",
        "P1: nothing with a smaller token is accepted after a greater one, and no acknowledged update is lost.",
        CounterExperiment::mixed,
        (arena, settings, timeline, results) -> results
            .needs("acknowledged", arena.counter().accepted(), settings.reachable(10_000))
            .needs("control lost", arena.counter().controlLost(), 1)
            .needs("faults", timeline.landed(), settings.reachable(50))
            .needs("pauses inside the section", arena.pauses(), settings.reachable(10)));
  }

  /** Holders that stand still and do not know it. */
  public static Experiment pauses() {
    return new CounterExperiment(
        "pauses",
        "P5: from the first instruction after a pause longer than the session, isValid() is false.",
        arena -> List.of(SectionFaults.pause(arena.testbed(), arena.counter())),
        (arena, settings, timeline, results) -> results
            .needs("control lost", arena.counter().controlLost(), 1)
            .needs("pauses inside the section", arena.pauses(), settings.reachable(40)));
  }

  /** Holders that die. */
  public static Experiment killedHolders() {
    Duration bound = Testbed.SESSION.plus(Testbed.TWO_TICKS).plusMillis(500);
    return new CounterExperiment(
        "killed-holders",
        "P4: the lock of a process that died is granted again when its session has ended, "
            + bound.toMillis() + " ms later at most.",
        arena -> List.of(SectionFaults.kill(arena.testbed(), arena.counter())),
        (arena, settings, timeline, results) -> results
            .needs("holders killed", timeline.landed(), settings.reachable(30))
            .forbids("grants after more than " + bound.toMillis() + " ms", timeline.slower(bound)));
  }

  /** Returns the faults that are dealt before any is repeated, so that a short run has some of each. */
  private static List<FaultAction> mixed(CounterCluster arena) {
    Testbed testbed = arena.testbed();
    FaultAction pause = SectionFaults.pause(testbed, arena.counter());
    FaultAction cutAtRequest =
        FaultActions.cutAtRequest(testbed, Op.MULTI, Op.CREATE2, Op.GET_CHILDREN, Op.DELETE);
    return List.of(
        pause,
        cutAtRequest,
        SectionFaults.kill(testbed, arena.counter()),
        cutAtRequest,
        pause,
        FaultActions.cut(testbed),
        FaultActions.isolate(testbed),
        cutAtRequest,
        FaultActions.kill(testbed),
        cutAtRequest,
        pause,
        FaultActions.cut(testbed),
        FaultActions.killLeader(testbed),
        cutAtRequest,
        FaultActions.pauseLeader(testbed),
        FaultActions.loseQuorum(testbed));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String promise() {
    return promise;
  }

  @Override
  public ExperimentResult run(RunSettings settings) throws IOException, InterruptedException {
    FaultTimeline timeline = new FaultTimeline();
    ResultBuilder results = new ResultBuilder(this, settings, timeline);
    try (CounterCluster arena = CounterCluster.open(settings.logs(), CLIENTS)) {
      CounterService counter = arena.counter();
      FaultInjector injector = new FaultInjector(
          settings,
          since -> counter.accepted() > 0 && counter.newestAccepted() - since > 0,
          () -> String.format(
              "increments %,d, control lost %,d", counter.accepted(), counter.controlLost()));
      BaselineRate baseline = injector.measureBaseline(counter::accepted);
      injector.run(deck.apply(arena), timeline);
      arena.finish();
      results.baseline(baseline);
      judge(arena, settings.at(baseline.speed(UNFAULTED)), timeline, results);
    }
    return results.outcome();
  }

  private void judge(
      CounterCluster arena, RunSettings settings, FaultTimeline timeline, ResultBuilder results) {
    Verdict verdict =
        arena.history().fencedCounter(CounterWorker.COUNTER, arena.counter().value());
    results.count("invoked", verdict.trials()).count("unknown", verdict.unknowns());
    demand.add(arena, settings, timeline, results);
    results
        .count("refused touches with an old token", arena.counter().refused())
        .violations(verdict.violations())
        .forbids("violations", verdict.violationCount())
        .forbids("leases believed after a pause", arena.believed())
        .forbids(
            "not back within " + FaultInjector.RECOVERY_BOUND.toSeconds() + " s",
            timeline.slower(FaultInjector.RECOVERY_BOUND));
  }
}
