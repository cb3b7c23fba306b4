package io.zookit.chaos.config;

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
import io.zookit.config.ConfigStore;
import io.zookit.config.History;
import io.zookit.config.Release;
import io.zookit.core.ZkClient;
import io.zookit.testkit.Op;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Two processes publish releases of many keys, six read them. No reader may see half a release or go back, and what was
 * acknowledged must be there, without a gap. The control reads key by key and has to see halves. After it a {@link
 * PublishRace}.
 */
public final class ConfigExperiment implements Experiment {

  private static final int READERS = 6;
  private static final int PUBLISHERS = 2;

  /** Releases a minute of a machine for which the thresholds are made, while nothing is broken. */
  private static final long UNFAULTED = 2_000;

  private static final Duration EVERYWHERE = Duration.ofSeconds(5);
  private static final Duration LEAVE_TAKING = Duration.ofSeconds(20);

  private final ReleaseLog log = new ReleaseLog();
  private final PublishRace race = new PublishRace();

  @Override
  public String name() {
    return "config";
  }

  @Override
  public String promise() {
    return "P7, P8: a reader sees a release whole or not at all and never goes back; acknowledged releases all stay, "
        + "without gaps.";
  }

  @Override
  public ExperimentResult run(RunSettings settings) throws Exception {
    FaultTimeline timeline = new FaultTimeline();
    ResultBuilder results = new ResultBuilder(this, settings, timeline);
    RunSettings measured;
    try (Testbed testbed = Testbed.open(settings.logs())) {
      for (int i = 1; i <= PUBLISHERS; i++) {
        testbed.join("publisher-" + i, ConfigPublisher.class, log::onLine);
      }
      for (int i = 1; i <= READERS; i++) {
        String folder = settings.logs().resolve("reader-" + i).toAbsolutePath().toString();
        testbed.join("reader-" + i, ConfigReader.class, log::onLine, folder);
      }
      FaultInjector injector =
          new FaultInjector(settings, since -> log.readSince(since, READERS), this::state);
      BaselineRate baseline =
          injector.measureBaseline(() -> log.transcript().count(ConfigPublisher.ACKED));
      results.baseline(baseline);
      measured = settings.at(baseline.speed(UNFAULTED));
      injector.run(deck(testbed), timeline);
      testbed.heal();
      settle(testbed, results);
      testbed.finish();
      race.run(testbed, measured);
    }
    judge(measured, timeline, results);
    race.judge(measured, results);
    return results.outcome();
  }

  private String state() {
    EventLog events = log.transcript();
    return String.format(
        "acknowledged %,d, seen %,d, control torn %,d",
        events.count(ConfigPublisher.ACKED),
        events.count(ConfigReader.SAW),
        events.count(ConfigReader.CONTROL_TORN));
  }

  private static List<FaultAction> deck(Testbed testbed) {
    FaultAction cutAtRequest = FaultActions.cutAtRequest(testbed, Op.MULTI, Op.GET_DATA);
    return List.of(
        FaultActions.cut(testbed),
        cutAtRequest,
        FaultActions.killLeader(testbed),
        cutAtRequest,
        FaultActions.kill(testbed),
        cutAtRequest,
        FaultActions.isolate(testbed),
        FaultActions.cut(testbed),
        FaultActions.pause(testbed),
        cutAtRequest,
        FaultActions.kill(testbed),
        FaultActions.loseQuorum(testbed));
  }

  /** Stops the publishers and checks that the last release reaches every reader. */
  private void settle(Testbed testbed, ResultBuilder results) throws InterruptedException {
    for (ClientProcess member : testbed.members().subList(0, PUBLISHERS)) {
      member.finish(LEAVE_TAKING);
    }
    try (ZkClient zk = testbed.observer()) {
      History history = ConfigStore.in(zk).history(ConfigPublisher.NAMESPACE);
      int last = compare(history, log);
      Stopwatch watch = new Stopwatch();
      boolean everywhere = Stopwatch.await(EVERYWHERE, () -> log.allHave(last, READERS));
      results
          .count("last release everywhere after ms", watch.elapsed().toMillis())
          .forbids("last release not everywhere in 5 s", everywhere ? 0 : 1);
      results.forbids("damage in the history", history.verify().problems().size());
    }
  }

  /** Compares all received lines with all stored releases; returns the number of the last release. */
  static int compare(History history, ReleaseLog log) throws InterruptedException {
    List<Release> releases = history.releases(Integer.MAX_VALUE);
    NavigableMap<Integer, String> values = new TreeMap<>();
    for (Release release : releases) {
      values.put(release.number(), history.content(release.number()).get("k0").orElse("nothing"));
    }
    log.compare(values);
    Set<String> found = new HashSet<>();
    for (String id : log.unknown().values()) {
      history.outcome(id).ifPresent(entry -> found.add(id));
    }
    log.compareUnknown(releases.stream().map(Release::publishId).toList(), found);
    return releases.get(0).number();
  }

  void onLine(String life, String line) {
    log.onLine(life, line);
  }

  void judge(RunSettings settings, FaultTimeline timeline, ResultBuilder results) {
    EventLog events = log.transcript();
    long acknowledged = events.count(ConfigPublisher.ACKED);
    long unknown = events.count(ConfigPublisher.UNKNOWN);
    long refused = events.count(ConfigPublisher.REFUSED);
    results
        .count("invoked", acknowledged + unknown + refused)
        .needs("acknowledged", acknowledged, settings.reachable(2000))
        .count("unknown", unknown)
        .count("refused", refused)
        .count("snapshots seen", events.count(ConfigReader.SAW))
        .needs("control torn", events.count(ConfigReader.CONTROL_TORN), 1)
        .needs("faults", timeline.landed(), settings.reachable(30))
        .violations(events.findings())
        .forbids("torn, back, lost, gaps", events.found())
        .forbids(
            "not back within " + FaultInjector.RECOVERY_BOUND.toSeconds() + " s",
            timeline.slower(FaultInjector.RECOVERY_BOUND));
  }
}
