package io.zookit.chaos.config;

import io.zookit.chaos.experiment.ClientProcess;
import io.zookit.chaos.experiment.EventLog;
import io.zookit.chaos.experiment.ResultBuilder;
import io.zookit.chaos.experiment.RunSettings;
import io.zookit.chaos.experiment.Stopwatch;
import io.zookit.chaos.experiment.Testbed;
import io.zookit.chaos.fault.FaultAction;
import io.zookit.chaos.fault.FaultActions;
import io.zookit.chaos.fault.FaultInjector;
import io.zookit.config.ConfigStore;
import io.zookit.config.History;
import io.zookit.core.ZkClient;
import io.zookit.testkit.Op;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryForever;

/**
 * Eight publishers race for one namespace, and their connections are cut at their requests: every acknowledged
 * publish is stored once, without a gap, and no publisher receives a conflict that its own previous publish caused.
 * The control increments a node and has to lose increments.
 */
final class PublishRace {

  private static final int PROCESSES = 4;
  private static final int RETRY_MILLIS = 100;
  private static final int PERCENT_OF_LENGTH = 50;
  private static final long EACH = 125;
  private static final long CUTS = 10;

  private final ReleaseLog log = new ReleaseLog();
  private final EventLog control = new EventLog();
  private long cuts;
  private long counted;
  private long damage;

  /** Runs the race; the other publishers must have stopped. */
  void run(Testbed testbed, RunSettings settings) throws Exception {
    try (CuratorFramework curator = CuratorFrameworkFactory.newClient(
            testbed.servers().connectString(), new RetryForever(RETRY_MILLIS));
        ZkClient zk = testbed.observer()) {
      curator.start();
      curator
          .create()
          .orSetData()
          .forPath(ConfigRacer.CONTROL, "0".getBytes(StandardCharsets.UTF_8));
      List<ClientProcess> racers = new ArrayList<>();
      for (int i = 1; i <= PROCESSES; i++) {
        racers.add(testbed.join(
            "racer-" + i, ConfigRacer.class, this::onLine, String.valueOf(wanted(settings))));
      }
      cutUntilDone(racers, settings);
      testbed.finish();
      counted = Long.parseLong(
          new String(curator.getData().forPath(ConfigRacer.CONTROL), StandardCharsets.UTF_8));
      History history = ConfigStore.in(zk).history(ConfigRacer.NAMESPACE);
      ConfigExperiment.compare(history, log);
      damage = history.verify().problems().size();
    }
  }

  void onLine(String life, String line) {
    log.onLine(life, line);
    String kind = line.substring(0, line.indexOf(' ') + 1);
    if (kind.equals(ConfigRacer.DONE) || kind.equals(ConfigRacer.COUNTED)) {
      control.add(kind, life, line);
    }
  }

  private static long wanted(RunSettings settings) {
    return settings.reachable(EACH);
  }

  private static int publishers() {
    return PROCESSES * ConfigRacer.threads();
  }

  private void cutUntilDone(List<ClientProcess> racers, RunSettings settings)
      throws InterruptedException {
    Duration atMost = FaultInjector.RECOVERY_TIMEOUT.plus(
        settings.length().multipliedBy(PERCENT_OF_LENGTH).dividedBy(100));
    FaultAction cut = FaultActions.cutAtRequest(racers, () -> {}, Op.MULTI, Op.GET_DATA);
    Random random = new Random(settings.seed());
    Stopwatch watch = new Stopwatch();
    while (control.count(ConfigRacer.DONE) < publishers() && !watch.hasPassed(atMost)) {
      cuts += cut.cause(random).landed() ? 1 : 0;
      Stopwatch.pause(Duration.ofMillis(200 + random.nextInt(300)));
      settings
          .progress()
          .accept(String.format(
              "race %5.1f s  acknowledged %,d, conflicts %,d, unknown %,d, cuts %d",
              watch.elapsed().toMillis() / 1000.0,
              log.transcript().count(ConfigPublisher.ACKED),
              log.transcript().count(ConfigPublisher.REFUSED),
              log.transcript().count(ConfigPublisher.UNKNOWN),
              cuts));
    }
  }

  /** Returns the number of confirmed increments of the control that are not in the stored count. */
  private long lost() {
    return control.count(ConfigRacer.COUNTED) - counted;
  }

  void judge(RunSettings settings, ResultBuilder results) {
    EventLog events = log.transcript();
    results
        .needs(
            "race: acknowledged",
            events.count(ConfigPublisher.ACKED),
            publishers() * wanted(settings))
        .count("race: refused", events.count(ConfigPublisher.REFUSED))
        .count("race: unknown", events.count(ConfigPublisher.UNKNOWN))
        .needs("race: cuts at a request", cuts, settings.reachable(CUTS))
        .needs("race: control lost", lost(), 1)
        .violations(events.findings())
        .forbids("race: lost, twice, gaps, own conflicts", events.found())
        .forbids("race: damage in the history", damage);
  }
}
