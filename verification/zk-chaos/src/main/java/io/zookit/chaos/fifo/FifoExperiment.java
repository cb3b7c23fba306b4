package io.zookit.chaos.fifo;

import io.zookit.chaos.experiment.BaselineRate;
import io.zookit.chaos.experiment.ChildArguments;
import io.zookit.chaos.experiment.EventLog;
import io.zookit.chaos.experiment.Experiment;
import io.zookit.chaos.experiment.ExperimentResult;
import io.zookit.chaos.experiment.FaultTimeline;
import io.zookit.chaos.experiment.LifeSigns;
import io.zookit.chaos.experiment.ResultBuilder;
import io.zookit.chaos.experiment.RunSettings;
import io.zookit.chaos.experiment.Testbed;
import io.zookit.chaos.fault.FaultAction;
import io.zookit.chaos.fault.FaultActions;
import io.zookit.chaos.fault.FaultInjector;
import io.zookit.chaos.resource.CounterService;
import io.zookit.testkit.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Twenty waiters in four processes: no waiter may get the lock after one that has queued later. The control retries
 * until the lock happens to be free, and has to invert the order.
 */
public final class FifoExperiment implements Experiment {

  private static final int CLIENTS = 4;
  private static final long ROUNDS = 50;

  /** Grants a minute of a machine for which the thresholds are made, while nothing is broken. */
  private static final long UNFAULTED = 1_000;

  private final EventLog transcript = new EventLog();
  private final LifeSigns lifeSigns = new LifeSigns();
  private final Map<String, Long> rounds = new ConcurrentSkipListMap<>();

  @Override
  public String name() {
    return "fifo";
  }

  @Override
  public String promise() {
    return "P3: grants follow the queue; nobody gets the lock after one who has queued later.";
  }

  @Override
  public ExperimentResult run(RunSettings settings) throws Exception {
    FaultTimeline timeline = new FaultTimeline();
    ResultBuilder results = new ResultBuilder(this, settings, timeline);
    BaselineRate baseline;
    try (Testbed testbed = Testbed.open(settings.logs());
        CounterService arbiter = CounterService.start();
        CounterService control = CounterService.start()) {
      List<String> members = new ArrayList<>();
      for (int i = 1; i <= CLIENTS; i++) {
        members.add("client-" + i);
        testbed.join(
            "client-" + i,
            FifoWaiter.class,
            this::onLine,
            String.valueOf(arbiter.port()),
            String.valueOf(control.port()));
      }
      FaultInjector injector = new FaultInjector(
          settings, since -> lifeSigns.silentSince(since, members).isEmpty(), this::state);
      baseline = injector.measureBaseline(() -> transcript.count(FifoWaiter.GRANTED));
      injector.run(deck(testbed), timeline);
      testbed.finish();
    }
    results.baseline(baseline);
    judge(settings.at(baseline.speed(UNFAULTED)), timeline, results);
    return results.outcome();
  }

  void onLine(String life, String line) {
    String kind = line.substring(0, line.indexOf(' ') + 1);
    switch (kind) {
      case FifoWaiter.GRANTED -> {
        transcript.add(kind, life, line);
        lifeSigns.onSignOfLife(ChildArguments.memberOf(life));
        rounds.merge(line.split(" ", -1)[1], 1L, Long::sum);
      }
      case FifoWaiter.INVERTED -> {
        transcript.add(kind, life, line);
        transcript.find(life + " had the earlier place");
      }
      case FifoWaiter.LATE,
          FifoWaiter.FAILED,
          FifoWaiter.CONTROL_GRANTED,
          FifoWaiter.CONTROL_INVERTED -> transcript.add(kind, life, line);
      default -> {}
    }
  }

  private String state() {
    return String.format(
        "grants %,d, control inverted %,d",
        transcript.count(FifoWaiter.GRANTED), transcript.count(FifoWaiter.CONTROL_INVERTED));
  }

  private static List<FaultAction> deck(Testbed testbed) {
    FaultAction cutAtRequest =
        FaultActions.cutAtRequest(testbed, Op.MULTI, Op.CREATE2, Op.GET_CHILDREN, Op.DELETE);
    return List.of(
        FaultActions.cut(testbed),
        cutAtRequest,
        FaultActions.kill(testbed),
        cutAtRequest,
        FaultActions.cut(testbed),
        FaultActions.pause(testbed),
        cutAtRequest,
        FaultActions.cut(testbed),
        FaultActions.killLeader(testbed),
        cutAtRequest,
        FaultActions.isolate(testbed),
        FaultActions.loseQuorum(testbed));
  }

  void judge(RunSettings settings, FaultTimeline timeline, ResultBuilder results) {
    long granted = transcript.count(FifoWaiter.GRANTED);
    long late = transcript.count(FifoWaiter.LATE);
    long least = rounds.values().stream().mapToLong(Long::longValue).min().orElse(0);
    results
        .count("invoked", granted + late + transcript.found() + transcript.count(FifoWaiter.FAILED))
        .count("acknowledged", granted)
        .count("unknown", late)
        .needs("waiters", rounds.size(), (long) CLIENTS * FifoWaiter.WAITERS)
        .needs("rounds of each waiter", least, settings.reachable(ROUNDS))
        .needs("control inverted", transcript.count(FifoWaiter.CONTROL_INVERTED), 1)
        .needs("faults", timeline.landed(), settings.reachable(40))
        .violations(transcript.findings())
        .forbids("inversions", transcript.found())
        .forbids(
            "not back within " + FaultInjector.RECOVERY_BOUND.toSeconds() + " s",
            timeline.slower(FaultInjector.RECOVERY_BOUND));
  }
}
