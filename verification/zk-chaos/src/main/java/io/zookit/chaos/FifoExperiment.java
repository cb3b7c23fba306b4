package io.zookit.chaos;

import io.zookit.testkit.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Twenty waiters in four processes: no waiter may get the lock after one that has queued later. The control retries
 * until the lock happens to be free, and has to invert the order.
 */
final class FifoExperiment implements Experiment {

  private static final int CLIENTS = 4;
  private static final long ROUNDS = 50;

  /** Grants a minute of a machine for which the thresholds are made, while nothing is broken. */
  private static final long UNFAULTED = 1_000;

  private final Transcript transcript = new Transcript();
  private final Beats beats = new Beats();
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
  public Outcome run(Setting setting) throws Exception {
    Timeline timeline = new Timeline();
    Verdicts verdicts = new Verdicts(this, setting, timeline);
    Pace pace;
    try (Ground ground = Ground.open(setting.logs());
        CounterService arbiter = CounterService.start();
        CounterService control = CounterService.start()) {
      List<String> members = new ArrayList<>();
      for (int i = 1; i <= CLIENTS; i++) {
        members.add("client-" + i);
        ground.join(
            "client-" + i,
            FifoWaiter.class,
            this::heard,
            String.valueOf(arbiter.port()),
            String.valueOf(control.port()));
      }
      Storm storm =
          new Storm(setting, since -> beats.silentSince(since, members).isEmpty(), this::state);
      pace = storm.measureCalm(() -> transcript.count(FifoWaiter.GRANTED));
      storm.rage(deck(ground), timeline);
      ground.finish();
    }
    verdicts.pace(pace);
    judge(setting.at(pace.speed(UNFAULTED)), timeline, verdicts);
    return verdicts.outcome();
  }

  void heard(String life, String line) {
    String kind = line.substring(0, line.indexOf(' ') + 1);
    switch (kind) {
      case FifoWaiter.GRANTED -> {
        transcript.add(kind, life, line);
        beats.heard(Part.memberOf(life));
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

  private static List<Disturbance> deck(Ground ground) {
    Disturbance cutAtRequest =
        Disturbances.cutAtRequest(ground, Op.MULTI, Op.CREATE2, Op.GET_CHILDREN, Op.DELETE);
    return List.of(
        Disturbances.cut(ground),
        cutAtRequest,
        Disturbances.kill(ground),
        cutAtRequest,
        Disturbances.cut(ground),
        Disturbances.pause(ground),
        cutAtRequest,
        Disturbances.cut(ground),
        Disturbances.killLeader(ground),
        cutAtRequest,
        Disturbances.isolate(ground),
        Disturbances.loseQuorum(ground));
  }

  void judge(Setting setting, Timeline timeline, Verdicts verdicts) {
    long granted = transcript.count(FifoWaiter.GRANTED);
    long late = transcript.count(FifoWaiter.LATE);
    long least = rounds.values().stream().mapToLong(Long::longValue).min().orElse(0);
    verdicts
        .count("invoked", granted + late + transcript.found() + transcript.count(FifoWaiter.FAILED))
        .count("acknowledged", granted)
        .count("unknown", late)
        .needs("waiters", rounds.size(), (long) CLIENTS * FifoWaiter.WAITERS)
        .needs("rounds of each waiter", least, setting.reachable(ROUNDS))
        .needs("control inverted", transcript.count(FifoWaiter.CONTROL_INVERTED), 1)
        .needs("faults", timeline.landed(), setting.reachable(40))
        .violations(transcript.findings())
        .forbids("inversions", transcript.found())
        .forbids("not back within " + Storm.BACK.toSeconds() + " s", timeline.slower(Storm.BACK));
  }
}
