package io.zookit.chaos;

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
final class SchedulerExperiment implements Experiment {

  private static final int NODES = 4;

  /** Runs a minute of a machine for which the thresholds are made, while nothing is broken; there is one slot a second. */
  private static final long UNFAULTED = 50;

  private static final Duration AHEAD = Duration.ofHours(25);
  private static final Duration BACK = Duration.ofHours(-2);
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
  public Outcome run(Setting setting) throws Exception {
    Timeline timeline = new Timeline();
    Verdicts verdicts = new Verdicts(this, setting, timeline);
    Pace pace;
    try (Ground ground = Ground.open(setting.logs());
        CounterService sink = CounterService.start();
        ZkClient zk = ground.observer()) {
      for (int i = 1; i <= NODES; i++) {
        ground.join("node-" + i, TickNode.class, log::heard, String.valueOf(sink.port()));
      }
      JobLedger ledger = JobLedger.in(zk);
      ledger.define(Job.named(TickNode.JOB)
          .cron("* * * * * ?", ZoneId.of("UTC"))
          .catchUp(CatchUp.runAll(Duration.ofHours(1), 1000)));
      Storm storm = new Storm(
          setting,
          since -> sink.accepted() > 0 && sink.newestAccepted() - since > 0,
          () -> state(sink));
      pace = storm.measureCalm(sink::accepted);
      storm.rage(deck(ground, sink), timeline);
      sink.disarm();
      ground.heal();
      settle(ledger, verdicts);
      ground.finish();
      verdicts.needs("refused touches with an old token", sink.refused(), 1);
    }
    log.compare(fates);
    verdicts.pace(pace);
    judge(setting.at(pace.speed(UNFAULTED)), timeline, verdicts);
    return verdicts.outcome();
  }

  private String state(CounterService sink) {
    return String.format(
        "runs %,d, refused %,d, control twice %,d",
        log.transcript().count(TickNode.BEGUN), sink.refused(), log.controlTwice());
  }

  private List<Disturbance> deck(Ground ground, CounterService sink) {
    Disturbance cutAtRequest = Disturbances.cutAtRequest(
        random -> ground.find(log.runner()).orElseGet(() -> ground.any(random)),
        () -> {},
        Op.MULTI,
        Op.MULTI,
        Op.MULTI_READ);
    return List.of(
        InsideFaults.outlive(ground, sink),
        cutAtRequest,
        clock(ground, "clock 25 h ahead", AHEAD),
        partLeader(ground),
        InsideFaults.kill(ground, sink),
        cutAtRequest,
        Disturbances.killLeader(ground),
        Disturbances.cut(ground),
        clock(ground, "clock 2 h back", BACK),
        Disturbances.kill(ground),
        Disturbances.pause(ground));
  }

  /** Cuts off the leader of the control until its session has expired and another one leads at the same time. */
  private Disturbance partLeader(Ground ground) {
    return Disturbance.named("partition of a client", random -> {
      Member member = ground.find(log.leader()).orElseGet(() -> ground.any(random));
      long expired = ground.servers().expiredSessions();
      long twice = log.controlTwice();
      member.isolate();
      boolean landed = Disturbances.awaitExpiry(ground, expired);
      Stopwatch.await(BESIDE, () -> log.controlTwice() > twice);
      member.heal();
      return new Disturbance.Hit(member.toString(), landed);
    });
  }

  /** One node's clock is wrong, and stays so until that of another is. */
  private Disturbance clock(Ground ground, String kind, Duration ahead) {
    return Disturbance.named(kind, random -> {
      Member member = ground.any(random);
      String before = shifted;
      shifted = member.life();
      if (!before.equals(shifted)) {
        ground.find(before).ifPresent(other -> order(other, Duration.ZERO));
      }
      order(member, ahead);
      boolean landed =
          Stopwatch.await(OBEYED, () -> log.clock(shifted).filter(ahead::equals).isPresent());
      Stopwatch.pause(SLOT.multipliedBy(2));
      return new Disturbance.Hit(member.toString(), landed);
    });
  }

  private static void order(Member member, Duration ahead) {
    member.child().send(TickNode.CLOCK + ahead);
  }

  /** Stops claims, waits for current runs to end, and then queries the fate of each slot. */
  private void settle(JobLedger ledger, Verdicts verdicts) throws InterruptedException {
    Stopwatch watch = new Stopwatch();
    boolean idle = isIdle(ledger);
    while (!idle && !watch.hasPassed(Storm.GIVEN_UP)) {
      Stopwatch.pause(Duration.ofMillis(200));
      idle = isIdle(ledger);
    }
    Verification all = ledger.verify(TickNode.JOB, ALWAYS, FOREVER);
    Instant mark = ledger.find(TickNode.JOB).orElseThrow().watermark();
    Instant slot = all.knownFrom().truncatedTo(ChronoUnit.SECONDS).plus(SLOT);
    for (; !slot.isAfter(mark); slot = slot.plus(SLOT)) {
      fates.put(slot, fate(ledger.verify(TickNode.JOB, slot.minusMillis(1), slot)));
    }
    verdicts
        .forbids("runs that do not end", idle ? 0 : 1)
        .forbids("gaps", all.gaps().size())
        .forbids("duplicates", all.duplicates().size());
  }

  private static boolean isIdle(JobLedger ledger) throws InterruptedException {
    try {
      ledger.pause(TickNode.JOB, "judgement");
      return ledger.find(TickNode.JOB).orElseThrow().running().isEmpty();
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

  void judge(Setting setting, Timeline timeline, Verdicts verdicts) {
    Transcript heard = log.transcript();
    verdicts
        .count("invoked", fates.size())
        .count("acknowledged", heard.count(TickNode.WRITTEN))
        .count("unknown", 0)
        .needs("slots", fates.size(), setting.scaled(240));
    SlotLog.counted(fates).forEach((fate, count) -> verdicts.count("slots " + fate, count));
    verdicts
        .count("end records told", heard.count(TickNode.ENDED))
        .needs("control: slots run twice", log.controlTwice(), 1)
        .needs("faults", timeline.landed(), setting.reachable(20))
        .violations(heard.findings())
        .forbids("slots run twice, without a fate or with a wrong one", heard.found())
        .forbids("not back within " + Storm.BACK.toSeconds() + " s", timeline.slower(Storm.BACK));
  }
}
