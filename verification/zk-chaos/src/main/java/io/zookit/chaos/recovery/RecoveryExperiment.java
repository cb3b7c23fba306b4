package io.zookit.chaos.recovery;

import io.zookit.chaos.experiment.BaselineRate;
import io.zookit.chaos.experiment.ChildArguments;
import io.zookit.chaos.experiment.ClientProcess;
import io.zookit.chaos.experiment.Experiment;
import io.zookit.chaos.experiment.ExperimentResult;
import io.zookit.chaos.experiment.FaultTimeline;
import io.zookit.chaos.experiment.LifeSigns;
import io.zookit.chaos.experiment.ResultBuilder;
import io.zookit.chaos.experiment.RunSettings;
import io.zookit.chaos.experiment.Stopwatch;
import io.zookit.chaos.experiment.Testbed;
import io.zookit.chaos.fault.FaultAction;
import io.zookit.chaos.fault.FaultActions;
import io.zookit.chaos.fault.FaultInjector;
import io.zookit.chaos.fault.SmallDisk;
import io.zookit.core.Timekeeper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Everything that Zookit does in the background, in three processes, while servers and connections break: each loop has
 * to be back in time, and a hundred reconnects must leave nothing behind. The control is a consumer that does not open
 * another session: it has to go deaf.
 *
 * <p>Then the same processes with the default session of 15 s lose the quorum for 25 s, so that their sessions are given
 * up while no server has ended them. The control leaves such a session to the servers: it must not be back in time.
 */
public final class RecoveryExperiment implements Experiment {

  private static final List<String> MEMBERS = List.of("loops-1", "loops-2", "loops-3");
  private static final List<String> LOOPS = List.of(
      BackgroundLoops.LOCK,
      BackgroundLoops.REGISTRY,
      BackgroundLoops.CONFIG,
      BackgroundLoops.BROADCAST);
  private static final String SOMEBODY = "somebody";
  /** Signs of life a minute of a machine for which the thresholds are made, while nothing is broken. */
  private static final long UNFAULTED = 2_000;

  /** The default of the builder. */
  private static final Duration LONG_SESSION = Duration.ofSeconds(15);

  private static final Duration LONG_OUTAGE = Duration.ofSeconds(25);
  private static final Duration DEAF = Duration.ofSeconds(5);
  private static final Duration QUIET = Duration.ofSeconds(10);

  private final LifeSigns lifeSigns = new LifeSigns();
  private final AtomicLong signs = new AtomicLong();
  private final Map<String, ProcessResources> censuses = new ConcurrentHashMap<>();

  @Override
  public String name() {
    return "recovery";
  }

  @Override
  public String promise() {
    return "P10: every background loop is back " + FaultInjector.RECOVERY_BOUND.toSeconds()
        + " s after an outage, with sessions of " + Testbed.SESSION.toSeconds() + " s and of "
        + LONG_SESSION.toSeconds()
        + " s, and reconnects leave no thread, watch or listener behind.";
  }

  @Override
  public ExperimentResult run(RunSettings settings) throws Exception {
    FaultTimeline timeline = new FaultTimeline();
    ResultBuilder results = new ResultBuilder(this, settings, timeline);
    BaselineRate baseline;
    try (SmallDisk disk = SmallDisk.small();
        Testbed testbed = Testbed.open(
            settings.logs(),
            servers -> disk.folder().ifPresent(folder -> servers.data(0, folder)));
        NodeChurn drum = NodeChurn.start(testbed.servers().connectString())) {
      joinAll(testbed);
      FaultInjector injector =
          new FaultInjector(settings, since -> silent(since).isEmpty(), this::state);
      baseline = injector.measureBaseline(signs::get);
      injector.run(deck(testbed), timeline);
      fillDisk(testbed, disk, injector, timeline, results);
      testbed.heal();
      results.needs("control: watchers deaf", deaf(), 1);
      reconnect(testbed, settings, results);
      testbed.finish();
    }
    results.baseline(baseline);
    judge(settings.at(baseline.speed(UNFAULTED)), timeline, results);
    FaultTimeline longer = new FaultTimeline();
    long blocked = loseQuorumForLong(settings, longer);
    judgeLong(timeline, longer, blocked, results);
    return results.outcome();
  }

  private void joinAll(Testbed testbed) {
    for (String member : MEMBERS) {
      String[] others =
          MEMBERS.stream().filter(each -> !each.equals(member)).toArray(String[]::new);
      testbed.join(member, BackgroundLoops.class, this::onLine, others);
    }
  }

  /** Outages that are longer than a long session; how many claims of the control were not back in time. */
  private long loseQuorumForLong(RunSettings settings, FaultTimeline timeline) throws Exception {
    long blocked = 0;
    Path logs = Files.createDirectories(settings.logs().resolve("long-session"));
    try (Testbed testbed = Testbed.open(logs, LONG_SESSION, servers -> {});
        NodeChurn drum = NodeChurn.start(testbed.servers().connectString())) {
      joinAll(testbed);
      FaultInjector injector =
          new FaultInjector(settings, since -> silent(since).isEmpty(), this::state);
      injector.awaitAllWorking();
      FaultAction outage = FaultActions.loseQuorumFor(testbed, LONG_OUTAGE);
      List<String> claims = each(List.of(BackgroundLoops.CLAIM));
      for (long i = longOutages(settings); i > 0; i--) {
        long start = Timekeeper.system().nanos();
        Stopwatch.await(
            FaultInjector.RECOVERY_TIMEOUT,
            () -> lifeSigns.silentSince(start, claims).isEmpty());
        long over = injector.injectOne(outage, timeline);
        Duration left =
            FaultInjector.RECOVERY_BOUND.minusNanos(Timekeeper.system().nanos() - over);
        Stopwatch.pause(left.isNegative() ? Duration.ZERO : left);
        blocked += lifeSigns.silentSince(over, claims).size();
      }
      testbed.finish();
    }
    return blocked;
  }

  private static long longOutages(RunSettings settings) {
    return settings.scaled(4);
  }

  /** Reports each session for itself. */
  void judgeLong(FaultTimeline shorter, FaultTimeline longer, long blocked, ResultBuilder results) {
    results
        .count(
            "session " + Testbed.SESSION.toSeconds() + " s: slowest back ms", shorter.backAfter(1))
        .count("session " + LONG_SESSION.toSeconds() + " s: slowest back ms", longer.backAfter(1))
        .needs("session " + LONG_SESSION.toSeconds() + " s: outages", longer.landed(), 1)
        .needs(
            "session " + LONG_SESSION.toSeconds() + " s: control: claims not back within "
                + FaultInjector.RECOVERY_BOUND.toSeconds() + " s",
            blocked,
            1)
        .forbids(
            "session " + LONG_SESSION.toSeconds() + " s: not back within "
                + FaultInjector.RECOVERY_BOUND.toSeconds() + " s",
            longer.slower(FaultInjector.RECOVERY_BOUND));
    longer.incidents().forEach(shorter::add);
  }

  void judge(RunSettings settings, FaultTimeline timeline, ResultBuilder results) {
    results
        .count("invoked", signs.get())
        .needs("faults", timeline.landed(), settings.reachable(20))
        .forbids(
            "not back within " + FaultInjector.RECOVERY_BOUND.toSeconds() + " s",
            timeline.slower(FaultInjector.RECOVERY_BOUND));
  }

  private static void fillDisk(
      Testbed testbed,
      SmallDisk disk,
      FaultInjector injector,
      FaultTimeline timeline,
      ResultBuilder results)
      throws InterruptedException {
    if (disk.folder().isEmpty()) {
      results.count("disk full: not possible here", 1);
      return;
    }
    FaultAction full = FaultActions.fillDisk(testbed, disk, 0);
    injector.injectOne(full, timeline);
    results.needs(full.kind(), timeline.kinds().getOrDefault(full.kind(), 0L), 1);
  }

  private String state() {
    long now = Timekeeper.system().nanos() - FaultInjector.RECOVERY_BOUND.toNanos();
    return "signs of life " + signs.get() + ", silent for "
        + FaultInjector.RECOVERY_BOUND.toSeconds() + " s " + silent(now);
  }

  void onLine(String life, String line) {
    if (line.startsWith(BackgroundLoops.BEAT)) {
      String loop = line.split(" ", -1)[1];
      String who = loop.equals(BackgroundLoops.JOB) ? SOMEBODY : ChildArguments.memberOf(life);
      lifeSigns.onSignOfLife(who + " " + loop);
      signs.incrementAndGet();
    } else if (line.startsWith(BackgroundLoops.CENSUS)) {
      censuses.put(life, ProcessResources.parse(line.substring(BackgroundLoops.CENSUS.length())));
    }
  }

  private static List<FaultAction> deck(Testbed testbed) {
    return List.of(
        FaultActions.isolate(testbed),
        FaultActions.killLeader(testbed),
        FaultActions.cut(testbed),
        FaultActions.loseQuorum(testbed),
        FaultActions.isolate(testbed),
        FaultActions.rollingRestart(testbed),
        FaultActions.cut(testbed),
        FaultActions.pauseLeader(testbed));
  }

  /** The loops that have not shown a sign of life since a moment of the monotonic clock. */
  List<String> silent(long since) {
    List<String> all = each(LOOPS);
    all.add(SOMEBODY + " " + BackgroundLoops.JOB); // each slot is run by one of them
    return lifeSigns.silentSince(since, all);
  }

  private static List<String> each(List<String> loops) {
    List<String> all = new ArrayList<>();
    MEMBERS.forEach(member -> loops.forEach(loop -> all.add(member + " " + loop)));
    return all;
  }

  private long deaf() throws InterruptedException {
    long now = Timekeeper.system().nanos();
    Stopwatch.pause(DEAF);
    return lifeSigns.silentSince(now, each(List.of(BackgroundLoops.CONTROL))).size();
  }

  private void reconnect(Testbed testbed, RunSettings settings, ResultBuilder results)
      throws InterruptedException, IOException {
    long wanted = settings.scaled(100);
    long bound = Math.max(5, wanted / 4);
    Map<String, ProcessResources> before = census(testbed);
    long watches = WatchCount.of(testbed.servers());
    cutAll(testbed, wanted, settings, results);
    long after = WatchCount.of(testbed.servers());
    List<String> grown = grown(before, census(testbed), bound);
    results
        .needs("processes counted before and after", before.size(), MEMBERS.size())
        .count("watches before", watches)
        .count("watches after", after)
        .forbids("watches grown", beyond(after - watches, bound))
        .forbids("threads or listeners grown", grown.size())
        .violations(grown);
  }

  private void cutAll(Testbed testbed, long wanted, RunSettings settings, ResultBuilder results)
      throws InterruptedException {
    long cuts = 0;
    long late = 0;
    for (int i = 1; i <= wanted; i++) {
      cuts += testbed.members().stream()
          .mapToInt(ClientProcess::cut)
          .filter(cut -> cut > 0)
          .count();
      long now = Timekeeper.system().nanos();
      late += Stopwatch.await(FaultInjector.RECOVERY_BOUND, () -> silent(now).isEmpty()) ? 0 : 1;
      if (i % 10 == 0) {
        settings.progress().accept("reconnects of each: " + i + ", not back: " + silent(now));
      }
    }
    results
        .needs("reconnects", cuts, wanted * MEMBERS.size())
        .forbids("loops not back after a reconnect", late);
  }

  /** Returns descriptions of the resources that have grown, for each process. */
  static List<String> grown(
      Map<String, ProcessResources> before, Map<String, ProcessResources> after, long bound) {
    List<String> grown = new ArrayList<>();
    before.forEach((life, earlier) -> {
      ProcessResources census = after.get(life);
      if (census == null) {
        grown.add(life + " was not counted again");
      } else {
        census
            .grownSince(earlier, bound)
            .forEach((what, more) -> grown.add(life + " has " + more + " more of " + what));
      }
    });
    return grown;
  }

  /** Returns the growth if it reaches the bound, below which it may be chance; otherwise 0. */
  static long beyond(long grown, long bound) {
    return grown < bound ? 0 : grown;
  }

  /** Counts when timers of reconnects, which may wait some seconds, have run out. */
  private Map<String, ProcessResources> census(Testbed testbed) throws InterruptedException {
    Stopwatch.pause(QUIET);
    censuses.clear();
    testbed.members().forEach(member -> member.child().send(BackgroundLoops.CENSUS));
    Stopwatch.await(FaultInjector.RECOVERY_TIMEOUT, () -> censuses.size() == MEMBERS.size());
    return Map.copyOf(censuses);
  }
}
