package io.zookit.benchmarks.chaos;

import io.zookit.core.Timekeeper;
import io.zookit.testkit.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Four processes increment a counter under a lock while everything around them breaks. The counter refuses old tokens;
 * the control beside it does not, and has to lose increments.
 */
final class CounterExperiment implements Experiment {

  private static final int CLIENTS = 4;
  private static final Duration BACK = Duration.ofSeconds(10);
  private static final Duration GIVEN_UP = Duration.ofSeconds(40);

  /** What an experiment must have seen to show something, beside a control that failed. */
  private interface Demand {
    void add(Arena arena, Setting setting, Timeline timeline, Verdicts verdicts);
  }

  private final String name;
  private final String promise;
  private final List<Disturbance> deck;
  private final Demand demand;

  private CounterExperiment(String name, String promise, List<Disturbance> deck, Demand demand) {
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
        mixed(),
        (arena, setting, timeline, verdicts) -> verdicts
            .needs("acknowledged", arena.counter().accepted(), setting.scaled(10_000))
            .needs("control lost", arena.counter().controlLost(), 1)
            .needs("faults", timeline.landed(), setting.scaled(50))
            .needs("pauses inside the section", arena.pauses(), setting.scaled(10)));
  }

  /** Holders that stand still and do not know it. */
  static Experiment pauses() {
    return new CounterExperiment(
        "pauses",
        "P5: from the first instruction after a pause longer than the session, isValid() is false.",
        List.of(Disturbances.pauseInside()),
        (arena, setting, timeline, verdicts) -> verdicts
            .needs("control lost", arena.counter().controlLost(), 1)
            .needs("pauses inside the section", arena.pauses(), setting.scaled(40)));
  }

  /** Holders that die. */
  static Experiment killedHolders() {
    Duration bound = Arena.SESSION.plus(Arena.TWO_TICKS).plusMillis(500);
    return new CounterExperiment(
        "killed-holders",
        "P4: the lock of a process that died is granted again when its session has ended, "
            + bound.toMillis() + " ms later at most.",
        List.of(Disturbances.killInside()),
        (arena, setting, timeline, verdicts) -> verdicts
            .needs("holders killed", timeline.landed(), setting.scaled(30))
            .forbids(
                "grants after more than " + bound.toMillis() + " ms", slower(timeline, bound)));
  }

  /** What is dealt before anything comes again, so that a short run has some of each. */
  private static List<Disturbance> mixed() {
    return List.of(
        Disturbances.pauseInside(),
        Disturbances.cutAtRequest(),
        Disturbances.killInside(),
        Disturbances.cutAtRequest(),
        Disturbances.pauseInside(),
        Disturbances.cut(),
        Disturbances.isolate(),
        Disturbances.cutAtRequest(),
        Disturbances.kill(),
        Disturbances.cutAtRequest(),
        Disturbances.pauseInside(),
        Disturbances.cut(),
        Disturbances.killLeader(),
        Disturbances.cutAtRequest(),
        Disturbances.pauseLeader(),
        Disturbances.loseQuorum());
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
      if (!Stopwatch.await(GIVEN_UP, () -> arena.counter().accepted() > 0)) {
        throw new IllegalStateException("nobody has got the lock; see " + setting.logs());
      }
      disturb(arena, setting, timeline);
      arena.finish();
      judge(arena, setting, timeline, verdicts);
    }
    return verdicts.outcome();
  }

  private void disturb(Arena arena, Setting setting, Timeline timeline)
      throws InterruptedException {
    Random random = new Random(setting.seed());
    List<Disturbance> next = new ArrayList<>();
    Stopwatch run = new Stopwatch();
    while (!run.hasPassed(setting.length())) {
      if (next.isEmpty()) {
        next.addAll(deck);
        Collections.shuffle(next, random);
      }
      Incident incident = cause(next.remove(0), arena, random, run);
      timeline.add(incident);
      setting.progress().accept(line(incident, arena));
      Stopwatch.pause(Duration.ofMillis(200 + random.nextInt(500)));
    }
  }

  private static Incident cause(Disturbance disturbance, Arena arena, Random random, Stopwatch run)
      throws InterruptedException {
    long at = run.elapsed().toMillis();
    Disturbance.Hit hit = disturbance.cause(arena, random);
    long over = Timekeeper.system().nanos();
    boolean back = Stopwatch.await(GIVEN_UP, () -> arena.counter().newestAccepted() - over > 0);
    long after = (Timekeeper.system().nanos() - over) / 1_000_000;
    return new Incident(at, disturbance.kind(), hit.target(), hit.landed(), back ? after : -1);
  }

  private static String line(Incident incident, Arena arena) {
    return String.format(
        "%6.1f s  %-26s %-22s %s, back after %d ms; increments %,d, control lost %,d",
        incident.atMillis() / 1000.0,
        incident.kind(),
        incident.target(),
        incident.landed() ? "landed" : "did not land",
        incident.backAfterMillis(),
        arena.counter().accepted(),
        arena.counter().controlLost());
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
        .forbids("not back within " + BACK.toSeconds() + " s", slower(timeline, BACK));
  }

  private static long slower(Timeline timeline, Duration bound) {
    return timeline.incidents().stream()
        .filter(each -> each.backAfterMillis() < 0 || each.backAfterMillis() > bound.toMillis())
        .count();
  }
}
