package io.zookit.chaos;

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
final class ConfigExperiment implements Experiment {

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
  public Outcome run(Setting setting) throws Exception {
    Timeline timeline = new Timeline();
    Verdicts verdicts = new Verdicts(this, setting, timeline);
    Setting measured;
    try (Ground ground = Ground.open(setting.logs())) {
      for (int i = 1; i <= PUBLISHERS; i++) {
        ground.join("publisher-" + i, ConfigPublisher.class, log::heard);
      }
      for (int i = 1; i <= READERS; i++) {
        String folder = setting.logs().resolve("reader-" + i).toAbsolutePath().toString();
        ground.join("reader-" + i, ConfigReader.class, log::heard, folder);
      }
      Storm storm = new Storm(setting, since -> log.readSince(since, READERS), this::state);
      Pace pace = storm.measureCalm(() -> log.transcript().count(ConfigPublisher.ACKED));
      verdicts.pace(pace);
      measured = setting.at(pace.speed(UNFAULTED));
      storm.rage(deck(ground), timeline);
      ground.heal();
      settle(ground, verdicts);
      ground.finish();
      race.run(ground, measured);
    }
    judge(measured, timeline, verdicts);
    race.judge(measured, verdicts);
    return verdicts.outcome();
  }

  private String state() {
    Transcript heard = log.transcript();
    return String.format(
        "acknowledged %,d, seen %,d, control torn %,d",
        heard.count(ConfigPublisher.ACKED),
        heard.count(ConfigReader.SAW),
        heard.count(ConfigReader.CONTROL_TORN));
  }

  private static List<Disturbance> deck(Ground ground) {
    Disturbance cutAtRequest = Disturbances.cutAtRequest(ground, Op.MULTI, Op.GET_DATA);
    return List.of(
        Disturbances.cut(ground),
        cutAtRequest,
        Disturbances.killLeader(ground),
        cutAtRequest,
        Disturbances.kill(ground),
        cutAtRequest,
        Disturbances.isolate(ground),
        Disturbances.cut(ground),
        Disturbances.pause(ground),
        cutAtRequest,
        Disturbances.kill(ground),
        Disturbances.loseQuorum(ground));
  }

  /** Stops the publishers and checks that the last release reaches every reader. */
  private void settle(Ground ground, Verdicts verdicts) throws InterruptedException {
    for (Member member : ground.members().subList(0, PUBLISHERS)) {
      member.finish(LEAVE_TAKING);
    }
    try (ZkClient zk = ground.observer()) {
      History history = ConfigStore.in(zk).history(ConfigPublisher.NAMESPACE);
      int last = compare(history, log);
      Stopwatch watch = new Stopwatch();
      boolean everywhere = Stopwatch.await(EVERYWHERE, () -> log.allHave(last, READERS));
      verdicts
          .count("last release everywhere after ms", watch.elapsed().toMillis())
          .forbids("last release not everywhere in 5 s", everywhere ? 0 : 1);
      verdicts.forbids("damage in the history", history.verify().problems().size());
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

  void heard(String life, String line) {
    log.heard(life, line);
  }

  void judge(Setting setting, Timeline timeline, Verdicts verdicts) {
    Transcript heard = log.transcript();
    long acknowledged = heard.count(ConfigPublisher.ACKED);
    long unknown = heard.count(ConfigPublisher.UNKNOWN);
    long refused = heard.count(ConfigPublisher.REFUSED);
    verdicts
        .count("invoked", acknowledged + unknown + refused)
        .needs("acknowledged", acknowledged, setting.reachable(2000))
        .count("unknown", unknown)
        .count("refused", refused)
        .count("snapshots seen", heard.count(ConfigReader.SAW))
        .needs("control torn", heard.count(ConfigReader.CONTROL_TORN), 1)
        .needs("faults", timeline.landed(), setting.reachable(30))
        .violations(heard.findings())
        .forbids("torn, back, lost, gaps", heard.found())
        .forbids("not back within " + Storm.BACK.toSeconds() + " s", timeline.slower(Storm.BACK));
  }
}
