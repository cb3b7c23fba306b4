package io.zookit.chaos;

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
final class CounterExperiment implements Experiment {

  private static final int CLIENTS = 4;

  /** Increments a minute of a machine for which the thresholds are made, while nothing is broken. */
  private static final long UNFAULTED = 10_000;

  /** Observations that an experiment requires to be meaningful, in addition to a control that failed. */
  private interface Demand {
    void add(Arena arena, Setting setting, Timeline timeline, Verdicts verdicts);
  }

  private final String name;
  private final String promise;
  private final Function<Arena, List<Disturbance>> deck;
  private final Demand demand;

  private CounterExperiment(
      String name, String promise, Function<Arena, List<Disturbance>> deck, Demand demand) {
    this.name = name;
    this.promise = promise;
    this.deck = deck;
    this.demand = demand;
  }

  /** Everything that breaks, mixed. */
  static Experiment fencedCounter() {
    return new CounterExperiment(
        "fenced-counter",
        "P1: nothing with a smaller token is accepted after a greater one, and no acknowledged update is lost.",
        CounterExperiment::mixed,
        (arena, setting, timeline, verdicts) -> verdicts
            .needs("acknowledged", arena.counter().accepted(), setting.reachable(10_000))
            .needs("control lost", arena.counter().controlLost(), 1)
            .needs("faults", timeline.landed(), setting.reachable(50))
            .needs("pauses inside the section", arena.pauses(), setting.reachable(10)));
  }

  /** Holders that stand still and do not know it. */
  static Experiment pauses() {
    return new CounterExperiment(
        "pauses",
        "P5: from the first instruction after a pause longer than the session, isValid() is false.",
        arena -> List.of(InsideFaults.pause(arena.ground(), arena.counter())),
        (arena, setting, timeline, verdicts) -> verdicts
            .needs("control lost", arena.counter().controlLost(), 1)
            .needs("pauses inside the section", arena.pauses(), setting.reachable(40)));
  }

  /** Holders that die. */
  static Experiment killedHolders() {
    Duration bound = Ground.SESSION.plus(Ground.TWO_TICKS).plusMillis(500);
    return new CounterExperiment(
        "killed-holders",
        "P4: the lock of a process that died is granted again when its session has ended, "
            + bound.toMillis() + " ms later at most.",
        arena -> List.of(InsideFaults.kill(arena.ground(), arena.counter())),
        (arena, setting, timeline, verdicts) -> verdicts
            .needs("holders killed", timeline.landed(), setting.reachable(30))
            .forbids("grants after more than " + bound.toMillis() + " ms", timeline.slower(bound)));
  }

  /** Returns the faults that are dealt before any is repeated, so that a short run has some of each. */
  private static List<Disturbance> mixed(Arena arena) {
    Ground ground = arena.ground();
    Disturbance pause = InsideFaults.pause(ground, arena.counter());
    Disturbance cutAtRequest =
        Disturbances.cutAtRequest(ground, Op.MULTI, Op.CREATE2, Op.GET_CHILDREN, Op.DELETE);
    return List.of(
        pause,
        cutAtRequest,
        InsideFaults.kill(ground, arena.counter()),
        cutAtRequest,
        pause,
        Disturbances.cut(ground),
        Disturbances.isolate(ground),
        cutAtRequest,
        Disturbances.kill(ground),
        cutAtRequest,
        pause,
        Disturbances.cut(ground),
        Disturbances.killLeader(ground),
        cutAtRequest,
        Disturbances.pauseLeader(ground),
        Disturbances.loseQuorum(ground));
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
  public Outcome run(Setting setting) throws IOException, InterruptedException {
    Timeline timeline = new Timeline();
    Verdicts verdicts = new Verdicts(this, setting, timeline);
    try (Arena arena = Arena.open(setting.logs(), CLIENTS)) {
      CounterService counter = arena.counter();
      Storm storm = new Storm(
          setting,
          since -> counter.accepted() > 0 && counter.newestAccepted() - since > 0,
          () -> String.format(
              "increments %,d, control lost %,d", counter.accepted(), counter.controlLost()));
      Pace pace = storm.measureCalm(counter::accepted);
      storm.rage(deck.apply(arena), timeline);
      arena.finish();
      verdicts.pace(pace);
      judge(arena, setting.at(pace.speed(UNFAULTED)), timeline, verdicts);
    }
    return verdicts.outcome();
  }

  private void judge(Arena arena, Setting setting, Timeline timeline, Verdicts verdicts) {
    Verdict verdict =
        arena.history().fencedCounter(CounterWorker.COUNTER, arena.counter().value());
    verdicts.count("invoked", verdict.trials()).count("unknown", verdict.unknowns());
    demand.add(arena, setting, timeline, verdicts);
    verdicts
        .count("refused touches with an old token", arena.counter().refused())
        .violations(verdict.violations())
        .forbids("violations", verdict.violationCount())
        .forbids("leases believed after a pause", arena.believed())
        .forbids("not back within " + Storm.BACK.toSeconds() + " s", timeline.slower(Storm.BACK));
  }
}
