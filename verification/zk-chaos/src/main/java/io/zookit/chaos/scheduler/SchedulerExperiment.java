package io.zookit.chaos.scheduler;

import io.zookit.chaos.experiment.BaselineRate;
import io.zookit.chaos.experiment.ClientProcess;
import io.zookit.chaos.experiment.EventLog;
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
import io.zookit.chaos.resource.CounterService;
import io.zookit.chaos.resource.SectionFaults;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import io.zookit.scheduler.CatchUp;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobLedger;
import io.zookit.scheduler.Verification;
import io.zookit.testkit.Op;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Four nodes share a job with a slot each second while they die, stand still and lose their connections, their clocks and
 * their leader. Each slot must have exactly one fate, and the one that became of it. The control is a leader as in
 * textbooks: it has to run slots twice.
 */
public final class SchedulerExperiment implements Experiment {

  private static final int NODES = 4;

  /** Runs a minute of a machine for which the thresholds are made, while nothing is broken; there is one slot a second. */
  private static final long UNFAULTED = 50;

  private static final Duration AHEAD = Duration.ofHours(25);
  private static final Duration RECOVERY_BOUND = Duration.ofHours(-2);
  private static final Duration SLOT = Duration.ofSeconds(1);
  private static final Duration OBEYED = Duration.ofSeconds(5);
  private static final Duration BESIDE = Duration.ofSeconds(4);
  private static final Instant ALWAYS = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant FOREVER = Instant.parse("2100-01-01T00:00:00Z");

  private final SlotLog log = new SlotLog();
  private final NavigableMap<Instant, String> fates = new TreeMap<>();
  private String shifted = "";

  @Override
  public String name() {
    return "scheduler";
  }

  @Override
  public String promise() {
    return "P9: at most one claim for a slot, exactly one fate for each, one end record for a claim.";
  }

  @Override
  public ExperimentResult run(RunSettings settings) throws Exception {
    FaultTimeline timeline = new FaultTimeline();
    ResultBuilder results = new ResultBuilder(this, settings, timeline);
    BaselineRate baseline;
    try (Testbed testbed = Testbed.open(settings.logs());
        CounterService sink = CounterService.start();
        ZkClient zk = testbed.observer()) {
      for (int i = 1; i <= NODES; i++) {
        testbed.join("node-" + i, SlotRunner.class, log::onLine, String.valueOf(sink.port()));
      }
      JobLedger ledger = JobLedger.in(zk);
      ledger.define(Job.named(SlotRunner.JOB)
          .cron("* * * * * ?", ZoneId.of("UTC"))
          .catchUp(CatchUp.runAll(Duration.ofHours(1), 1000)));
      FaultInjector injector = new FaultInjector(
          settings,
          since -> sink.accepted() > 0 && sink.newestAccepted() - since > 0,
          () -> state(sink));
      baseline = injector.measureBaseline(sink::accepted);
      injector.run(deck(testbed, sink), timeline);
      sink.disarm();
      testbed.heal();
      settle(ledger, results);
      testbed.finish();
      results.needs("refused touches with an old token", sink.refused(), 1);
    }
    log.compare(fates);
    results.baseline(baseline);
    judge(settings.at(baseline.speed(UNFAULTED)), timeline, results);
    return results.outcome();
  }

  private String state(CounterService sink) {
    return String.format(
        "runs %,d, refused %,d, control twice %,d",
        log.transcript().count(SlotRunner.BEGUN), sink.refused(), log.controlTwice());
  }

  private List<FaultAction> deck(Testbed testbed, CounterService sink) {
    FaultAction cutAtRequest = FaultActions.cutAtRequest(
        random -> testbed.find(log.runner()).orElseGet(() -> testbed.any(random)),
        () -> {},
        Op.MULTI,
        Op.MULTI,
        Op.MULTI_READ);
    return List.of(
        SectionFaults.outlive(testbed, sink),
        cutAtRequest,
        clock(testbed, "clock 25 h ahead", AHEAD),
        partLeader(testbed),
        SectionFaults.kill(testbed, sink),
        cutAtRequest,
        FaultActions.killLeader(testbed),
        FaultActions.cut(testbed),
        clock(testbed, "clock 2 h back", RECOVERY_BOUND),
        FaultActions.kill(testbed),
        FaultActions.pause(testbed));
  }

  /** Cuts off the leader of the control until its session has expired and another one leads at the same time. */
  private FaultAction partLeader(Testbed testbed) {
    return FaultAction.named("partition of a client", random -> {
      ClientProcess member = testbed.find(log.leader()).orElseGet(() -> testbed.any(random));
      long expired = testbed.servers().expiredSessions();
      long twice = log.controlTwice();
      member.isolate();
      boolean landed = FaultActions.awaitExpiry(testbed, expired);
      Stopwatch.await(BESIDE, () -> log.controlTwice() > twice);
      member.heal();
      return new FaultAction.Hit(member.toString(), landed);
    });
  }

  /** One node's clock is wrong, and stays so until that of another is. */
  private FaultAction clock(Testbed testbed, String kind, Duration ahead) {
    return FaultAction.named(kind, random -> {
      ClientProcess member = testbed.any(random);
      String before = shifted;
      shifted = member.life();
      if (!before.equals(shifted)) {
        testbed.find(before).ifPresent(other -> order(other, Duration.ZERO));
      }
      order(member, ahead);
      boolean landed =
          Stopwatch.await(OBEYED, () -> log.clock(shifted).filter(ahead::equals).isPresent());
      Stopwatch.pause(SLOT.multipliedBy(2));
      return new FaultAction.Hit(member.toString(), landed);
    });
  }

  private static void order(ClientProcess member, Duration ahead) {
    member.child().send(SlotRunner.CLOCK + ahead);
  }

  /** Stops claims, waits for current runs to end, and then queries the fate of each slot. */
  private void settle(JobLedger ledger, ResultBuilder results) throws InterruptedException {
    Stopwatch watch = new Stopwatch();
    boolean idle = isIdle(ledger);
    while (!idle && !watch.hasPassed(FaultInjector.RECOVERY_TIMEOUT)) {
      Stopwatch.pause(Duration.ofMillis(200));
      idle = isIdle(ledger);
    }
    Verification all = ledger.verify(SlotRunner.JOB, ALWAYS, FOREVER);
    Instant mark = ledger.find(SlotRunner.JOB).orElseThrow().watermark();
    Instant slot = all.knownFrom().truncatedTo(ChronoUnit.SECONDS).plus(SLOT);
    for (; !slot.isAfter(mark); slot = slot.plus(SLOT)) {
      fates.put(slot, fate(ledger.verify(SlotRunner.JOB, slot.minusMillis(1), slot)));
    }
    results
        .forbids("runs that do not end", idle ? 0 : 1)
        .forbids("gaps", all.gaps().size())
        .forbids("duplicates", all.duplicates().size());
  }

  private static boolean isIdle(JobLedger ledger) throws InterruptedException {
    try {
      ledger.pause(SlotRunner.JOB, "judgement");
      return ledger.find(SlotRunner.JOB).orElseThrow().running().isEmpty();
    } catch (ZkException e) {
      return false;
    }
  }

  /** The one fate of a range of one slot, or what is wrong with it. */
  static String fate(Verification one) {
    boolean single = one.isClean() && one.pending() == 0 && one.outcomes().size() == 1;
    return single && one.slots() == 1
        ? one.outcomes().keySet().iterator().next()
        : one.slots() + " slots, fates " + one.outcomes() + ", pending " + one.pending() + ", gaps "
            + one.gaps() + ", duplicates " + one.duplicates();
  }

  void judge(RunSettings settings, FaultTimeline timeline, ResultBuilder results) {
    EventLog events = log.transcript();
    results
        .count("invoked", fates.size())
        .count("acknowledged", events.count(SlotRunner.WRITTEN))
        .count("unknown", 0)
        .needs("slots", fates.size(), settings.scaled(240));
    SlotLog.counted(fates).forEach((fate, count) -> results.count("slots " + fate, count));
    results
        .count("end records told", events.count(SlotRunner.ENDED))
        .needs("control: slots run twice", log.controlTwice(), 1)
        .needs("faults", timeline.landed(), settings.reachable(20))
        .violations(events.findings())
        .forbids("slots run twice, without a fate or with a wrong one", events.found())
        .forbids(
            "not back within " + FaultInjector.RECOVERY_BOUND.toSeconds() + " s",
            timeline.slower(FaultInjector.RECOVERY_BOUND));
  }
}
