package io.zookit.chaos.id;

import io.zookit.chaos.experiment.BaselineRate;
import io.zookit.chaos.experiment.EventLog;
import io.zookit.chaos.experiment.Experiment;
import io.zookit.chaos.experiment.ExperimentResult;
import io.zookit.chaos.experiment.FaultTimeline;
import io.zookit.chaos.experiment.ResultBuilder;
import io.zookit.chaos.experiment.RunSettings;
import io.zookit.chaos.experiment.Testbed;
import io.zookit.chaos.fault.FaultAction;
import io.zookit.chaos.fault.FaultActions;
import io.zookit.chaos.fault.FaultInjector;
import io.zookit.core.ZkClient;
import io.zookit.id.Counter;
import io.zookit.id.IdInspector;
import io.zookit.testkit.Op;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Four processes take ids of all kinds while they are killed, stopped and cut off and their clocks are set. No id may be
 * handed out twice, and what was counted must be counted once. The controls, machine numbers that are leased by time and
 * Curator's {@code DistributedAtomicLong}, must fail.
 */
public final class IdExperiment implements Experiment {

  private static final int CLIENTS = 4;

  /** Numbers of the sequence a minute of a machine for which the thresholds are made, while nothing is broken. */
  private static final long UNFAULTED = 10_000;

  /** The most faults before all others for each control, so that both fail in a short run, too. */
  private static final int FAULTS_OF_CONTROLS = 12;

  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final IdLog log = new IdLog();

  @Override
  public String name() {
    return "ids";
  }

  @Override
  public String promise() {
    return "No id is handed out twice, and nothing is counted twice, whatever becomes of processes, sessions and clocks.";
  }

  @Override
  public ExperimentResult run(RunSettings settings) throws Exception {
    FaultTimeline timeline = new FaultTimeline();
    ResultBuilder results = new ResultBuilder(this, settings, timeline);
    try (Testbed testbed = Testbed.open(settings.logs())) {
      create(testbed);
      List<String> members =
          IntStream.rangeClosed(1, CLIENTS).mapToObj(i -> "client-" + i).toList();
      members.forEach(member -> testbed.join(member, IdWorker.class, log::onLine));
      FaultInjector injector =
          new FaultInjector(settings, since -> log.workedSince(since, members), this::state);
      BaselineRate baseline = injector.measureBaseline(() -> log.count(IdKind.SEQUENCE));
      results.baseline(baseline);
      failControls(testbed, injector, timeline);
      injector.run(deck(testbed), timeline);
      testbed.finish();
      judge(settings.at(baseline.speed(UNFAULTED)), timeline, results);
      judgeCounts(testbed, results);
    }
    return results.outcome();
  }

  /** Loses answers and stops processes until both controls have failed. */
  private void failControls(Testbed testbed, FaultInjector injector, FaultTimeline timeline)
      throws InterruptedException {
    for (int i = 0; i < FAULTS_OF_CONTROLS && log.controlCountedTwice() == 0; i++) {
      injector.injectOne(answerLost(testbed), timeline);
    }
    for (int i = 0; i < FAULTS_OF_CONTROLS && log.controlRepeated() == 0; i++) {
      injector.injectOne(FaultActions.pause(testbed), timeline);
    }
  }

  private static void create(Testbed testbed) throws InterruptedException {
    try (ZkClient zk = testbed.observer()) {
      IdInspector ids = IdInspector.in(zk).timeout(LIMIT);
      ids.createSequence(IdWorker.NAME + "-n", 1);
      ids.createSegments(IdWorker.NAME + "-s", 1, 1_000);
    }
  }

  private String state() {
    return String.format(
        "snowflake %,d, sequence %,d, control twice %,d",
        log.count(IdKind.SNOWFLAKE), log.count(IdKind.SEQUENCE), log.controlRepeated());
  }

  /** Of a control: ours writes in transactions. */
  private static FaultAction answerLost(Testbed testbed) {
    return FaultActions.loseAnswer(testbed, Op.SET_DATA);
  }

  private static List<FaultAction> deck(Testbed testbed) {
    FaultAction cutAtRequest = FaultActions.cutAtRequest(testbed, Op.MULTI);
    FaultAction answerLost = answerLost(testbed);
    return List.of(
        FaultActions.pause(testbed),
        cutAtRequest,
        answerLost,
        FaultActions.kill(testbed, IdWorker.STARTED),
        cutAtRequest,
        FaultActions.isolate(testbed),
        answerLost,
        FaultActions.cut(testbed),
        cutAtRequest,
        FaultActions.killLeader(testbed),
        FaultActions.pause(testbed),
        answerLost,
        FaultActions.pauseLeader(testbed),
        answerLost,
        FaultActions.loseQuorum(testbed));
  }

  private void judge(RunSettings settings, FaultTimeline timeline, ResultBuilder results) {
    EventLog events = log.transcript();
    Duration bound = settings.reachable(FaultInjector.RECOVERY_BOUND);
    results
        .needs("snowflake ids", log.count(IdKind.SNOWFLAKE), settings.reachable(1_000_000))
        .needs("numbers of the sequence", log.count(IdKind.SEQUENCE), settings.reachable(2_000))
        .needs("numbers of segments", log.count(IdKind.SEGMENTS), settings.reachable(100_000))
        .needs("faults", timeline.landed(), settings.reachable(30))
        .needs("ids of the control twice", log.controlRepeated(), 1)
        .count("failed calls", events.count("failed"))
        .violations(events.findings())
        .forbids("ids twice or not increasing", events.found())
        .forbids("not back within " + bound.toSeconds() + " s", timeline.slower(bound));
  }

  /** Compares the sum of the counter with what the processes counted. */
  private void judgeCounts(Testbed testbed, ResultBuilder results) throws InterruptedException {
    EventLog events = log.transcript();
    long invoked = events.count(IdWorker.INVOKED);
    long counted = events.count(IdWorker.COUNTED);
    try (ZkClient zk = testbed.observer()) {
      long sum = Counter.named(IdWorker.COUNTER, zk).timeout(LIMIT).sum();
      results
          .count("increments", counted)
          .count("increments without an answer", invoked - counted)
          .forbids("increments lost", Math.max(0, counted - sum))
          .forbids("increments counted twice", Math.max(0, sum - invoked))
          .needs("increments of the control counted twice", log.controlCountedTwice(), 1);
    }
  }
}
