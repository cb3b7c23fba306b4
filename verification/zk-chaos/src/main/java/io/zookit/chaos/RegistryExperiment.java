package io.zookit.chaos;

import io.zookit.testkit.Op;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryForever;

/**
 * Fifty instances of five processes, and three that follow them. While instances come, change and go, everything breaks;
 * after each fault all views have to be what is wanted, and what is stored. The control does not open another session: it
 * has to be stale.
 */
final class RegistryExperiment implements Experiment {

  private static final int PROVIDERS = 5;
  private static final int OBSERVERS = 3;

  /** Changes a minute of a machine for which the thresholds are made, while nothing is broken. */
  private static final long UNFAULTED = 60;

  private static final Duration EQUAL = Duration.ofSeconds(5);
  private static final Duration SETTLED = Duration.ofSeconds(2);
  private static final int RETRY_MILLIS = 200;
  private static final String FOLDER =
      Ground.ROOT + "/services/" + RegistryProvider.SERVICE + "/~b00";

  private final Fleet fleet = new Fleet();
  private final Sightings sightings = new Sightings();
  private final List<Member> observers = new ArrayList<>();

  @Override
  public String name() {
    return "registry";
  }

  @Override
  public String promise() {
    return "P6: every observer's view equals the registry " + EQUAL.toSeconds()
        + " s after healing: no ghosts, no duplicates, never empty.";
  }

  @Override
  public Outcome run(Setting setting) throws Exception {
    Timeline timeline = new Timeline();
    Verdicts verdicts = new Verdicts(this, setting, timeline);
    Setting measured;
    try (Ground ground = Ground.open(setting.logs());
        CuratorFramework curator = CuratorFrameworkFactory.newClient(
            ground.servers().connectString(), new RetryForever(RETRY_MILLIS))) {
      curator.start();
      for (int i = 1; i <= PROVIDERS; i++) {
        fleet.add(ground.join("provider-" + i, RegistryProvider.class, fleet::heard));
      }
      fleet.open();
      for (int i = 1; i <= OBSERVERS; i++) {
        observers.add(ground.join("observer-" + i, RegistryConsumer.class, this::heard, FOLDER));
      }
      Storm storm = new Storm(setting, since -> isEqual(curator), this::state);
      storm.awaitCalm();
      Pace pace = measure(curator, setting);
      verdicts.pace(pace);
      measured = setting.at(pace.speed(UNFAULTED));
      storm.rage(deck(ground), timeline);
      ground.heal();
      settle(curator, setting, verdicts);
    }
    judge(measured, timeline, verdicts);
    return verdicts.outcome();
  }

  /** Measures how many changes reach every observer, one after the other, while nothing is broken. */
  private Pace measure(CuratorFramework curator, Setting setting) throws InterruptedException {
    Random random = new Random(setting.seed());
    Stopwatch watch = new Stopwatch();
    long equal = 0;
    while (!watch.hasPassed(Pace.calm(setting.length()))) {
      fleet.change(random);
      equal += Stopwatch.await(EQUAL, () -> isEqual(curator)) ? 1 : 0;
    }
    return new Pace(equal, watch.elapsed());
  }

  /** One more change; it comes to everybody but the controls. */
  private void settle(CuratorFramework curator, Setting setting, Verdicts verdicts)
      throws InterruptedException {
    fleet.change(new Random(setting.seed()));
    Stopwatch.await(EQUAL, () -> isEqual(curator));
    Stopwatch.pause(SETTLED);
    sightings.blame(lives(), fleet.wanted(), stored(curator));
    verdicts.needs(
        "control: stale observers",
        sightings.staleControls(lives(), fleet.wanted().keySet()),
        1);
  }

  private String state() {
    return String.format(
        "orders %,d, views seen %,d, not equal %s",
        fleet.orders(),
        sightings.transcript().count(RegistryConsumer.SEES),
        sightings.differing(lives(), fleet.wanted()));
  }

  private List<String> lives() {
    return observers.stream().map(Member::life).toList();
  }

  private boolean isEqual(CuratorFramework curator) {
    return sightings.differing(lives(), fleet.wanted()).isEmpty()
        && stored(curator).equals(fleet.wanted().keySet());
  }

  /** The ids in the tree; none while it cannot be read. */
  private static Set<String> stored(CuratorFramework curator) {
    try {
      return RegistryConsumer.ids(curator.getChildren().forPath(FOLDER));
    } catch (Exception e) {
      return new TreeSet<>();
    }
  }

  /** Each fault hits while instances change. */
  private List<Disturbance> deck(Ground ground) {
    Disturbance cutAtUpdate =
        Disturbances.cutAtRequest(fleet.providers(), fleet::shake, Op.SET_DATA);
    Disturbance cutAtRead =
        Disturbances.cutAtRequest(observers, fleet::shake, Op.MULTI, Op.MULTI_READ);
    List<Disturbance> faults = List.of(
        Disturbances.isolate(ground, observers),
        Disturbances.cut(ground),
        cutAtUpdate,
        death(ground),
        Disturbances.killLeader(ground),
        cutAtRead,
        Disturbances.isolate(ground),
        Disturbances.cut(ground),
        Disturbances.pause(ground, observers),
        death(ground),
        cutAtUpdate,
        Disturbances.loseQuorum(ground));
    return faults.stream().map(this::amidChanges).toList();
  }

  private Disturbance amidChanges(Disturbance fault) {
    return Disturbance.named(fault.kind(), random -> {
      fleet.change(random);
      return fault.cause(random);
    });
  }

  private Disturbance death(Ground ground) {
    return Disturbance.named("kill -9 of a provider", random -> {
      long expired = ground.servers().expiredSessions();
      Member provider = fleet.kill(random);
      return new Disturbance.Hit(provider.toString(), Disturbances.awaitExpiry(ground, expired));
    });
  }

  void heard(String life, String line) {
    sightings.heard(life, line);
  }

  void judge(Setting setting, Timeline timeline, Verdicts verdicts) {
    Transcript heard = sightings.transcript();
    verdicts
        .count("invoked", fleet.orders())
        .count("acknowledged", fleet.orders())
        .count("unknown", 0)
        .needs("views seen", heard.count(RegistryConsumer.SEES), OBSERVERS)
        .needs("faults", timeline.landed(), setting.reachable(30))
        .violations(heard.findings())
        .forbids("ghosts, duplicates, empty views", heard.found())
        .forbids("not equal within " + EQUAL.toSeconds() + " s", timeline.slower(EQUAL));
  }
}
