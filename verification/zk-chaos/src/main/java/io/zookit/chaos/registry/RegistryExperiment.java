package io.zookit.chaos.registry;

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
public final class RegistryExperiment implements Experiment {

  private static final int PROVIDERS = 5;
  private static final int OBSERVERS = 3;

  /** Changes a minute of a machine for which the thresholds are made, while nothing is broken. */
  private static final long UNFAULTED = 60;

  private static final Duration EQUAL = Duration.ofSeconds(5);
  private static final Duration SETTLED = Duration.ofSeconds(2);
  private static final int RETRY_MILLIS = 200;
  private static final String FOLDER =
      Testbed.ROOT + "/services/" + RegistryProvider.SERVICE + "/~b00";

  private final ExpectedInstances fleet = new ExpectedInstances();
  private final ReportedViews sightings = new ReportedViews();
  private final List<ClientProcess> observers = new ArrayList<>();

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
  public ExperimentResult run(RunSettings settings) throws Exception {
    FaultTimeline timeline = new FaultTimeline();
    ResultBuilder results = new ResultBuilder(this, settings, timeline);
    RunSettings measured;
    try (Testbed testbed = Testbed.open(settings.logs());
        CuratorFramework curator = CuratorFrameworkFactory.newClient(
            testbed.servers().connectString(), new RetryForever(RETRY_MILLIS))) {
      curator.start();
      for (int i = 1; i <= PROVIDERS; i++) {
        fleet.add(testbed.join("provider-" + i, RegistryProvider.class, fleet::onLine));
      }
      fleet.open();
      for (int i = 1; i <= OBSERVERS; i++) {
        observers.add(testbed.join("observer-" + i, RegistryConsumer.class, this::onLine, FOLDER));
      }
      FaultInjector injector = new FaultInjector(settings, since -> isEqual(curator), this::state);
      injector.awaitAllWorking();
      BaselineRate baseline = measure(curator, settings);
      results.baseline(baseline);
      measured = settings.at(baseline.speed(UNFAULTED));
      injector.run(deck(testbed), timeline);
      testbed.heal();
      settle(curator, settings, results);
    }
    judge(measured, timeline, results);
    return results.outcome();
  }

  /** Measures how many changes reach every observer, one after the other, while nothing is broken. */
  private BaselineRate measure(CuratorFramework curator, RunSettings settings)
      throws InterruptedException {
    Random random = new Random(settings.seed());
    Stopwatch watch = new Stopwatch();
    long equal = 0;
    while (!watch.hasPassed(BaselineRate.calm(settings.length()))) {
      fleet.change(random);
      equal += Stopwatch.await(EQUAL, () -> isEqual(curator)) ? 1 : 0;
    }
    return new BaselineRate(equal, watch.elapsed());
  }

  /** One more change; it comes to everybody but the controls. */
  private void settle(CuratorFramework curator, RunSettings settings, ResultBuilder results)
      throws InterruptedException {
    fleet.change(new Random(settings.seed()));
    Stopwatch.await(EQUAL, () -> isEqual(curator));
    Stopwatch.pause(SETTLED);
    sightings.blame(lives(), fleet.wanted(), stored(curator));
    results.needs(
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
    return observers.stream().map(ClientProcess::life).toList();
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
  private List<FaultAction> deck(Testbed testbed) {
    FaultAction cutAtUpdate =
        FaultActions.cutAtRequest(fleet.providers(), fleet::shake, Op.SET_DATA);
    FaultAction cutAtRead =
        FaultActions.cutAtRequest(observers, fleet::shake, Op.MULTI, Op.MULTI_READ);
    List<FaultAction> faults = List.of(
        FaultActions.isolate(testbed, observers),
        FaultActions.cut(testbed),
        cutAtUpdate,
        death(testbed),
        FaultActions.killLeader(testbed),
        cutAtRead,
        FaultActions.isolate(testbed),
        FaultActions.cut(testbed),
        FaultActions.pause(testbed, observers),
        death(testbed),
        cutAtUpdate,
        FaultActions.loseQuorum(testbed));
    return faults.stream().map(this::amidChanges).toList();
  }

  private FaultAction amidChanges(FaultAction fault) {
    return FaultAction.named(fault.kind(), random -> {
      fleet.change(random);
      return fault.cause(random);
    });
  }

  private FaultAction death(Testbed testbed) {
    return FaultAction.named("kill -9 of a provider", random -> {
      long expired = testbed.servers().expiredSessions();
      ClientProcess provider = fleet.kill(random);
      return new FaultAction.Hit(provider.toString(), FaultActions.awaitExpiry(testbed, expired));
    });
  }

  void onLine(String life, String line) {
    sightings.onLine(life, line);
  }

  void judge(RunSettings settings, FaultTimeline timeline, ResultBuilder results) {
    EventLog events = sightings.transcript();
    results
        .count("invoked", fleet.orders())
        .count("acknowledged", fleet.orders())
        .count("unknown", 0)
        .needs("views seen", events.count(RegistryConsumer.SEES), OBSERVERS)
        .needs("faults", timeline.landed(), settings.reachable(30))
        .violations(events.findings())
        .forbids("ghosts, duplicates, empty views", events.found())
        .forbids("not equal within " + EQUAL.toSeconds() + " s", timeline.slower(EQUAL));
  }
}
