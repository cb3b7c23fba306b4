package io.zookit.chaos;

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
final class RecoveryExperiment implements Experiment {

  private static final List<String> MEMBERS = List.of("loops-1", "loops-2", "loops-3");
  private static final List<String> LOOPS =
      List.of(LoopsChild.LOCK, LoopsChild.REGISTRY, LoopsChild.CONFIG, LoopsChild.BROADCAST);
  private static final String SOMEBODY = "somebody";
  /** Signs of life a minute of a machine for which the thresholds are made, while nothing is broken. */
  private static final long UNFAULTED = 2_000;

  /** The default of the builder. */
  private static final Duration LONG_SESSION = Duration.ofSeconds(15);

  private static final Duration LONG_OUTAGE = Duration.ofSeconds(25);
  private static final Duration DEAF = Duration.ofSeconds(5);
  private static final Duration QUIET = Duration.ofSeconds(10);

  private final Beats beats = new Beats();
  private final AtomicLong signs = new AtomicLong();
  private final Map<String, Census> censuses = new ConcurrentHashMap<>();

  @Override
  public String name() {
    return "recovery";
  }

  @Override
  public String promise() {
    return "P10: every background loop is back " + Storm.BACK.toSeconds()
        + " s after an outage, with sessions of " + Ground.SESSION.toSeconds() + " s and of "
        + LONG_SESSION.toSeconds()
        + " s, and reconnects leave no thread, watch or listener behind.";
  }

  @Override
  public Outcome run(Setting setting) throws Exception {
    Timeline timeline = new Timeline();
    Verdicts verdicts = new Verdicts(this, setting, timeline);
    Pace pace;
    try (Disk disk = Disk.small();
        Ground ground = Ground.open(
            setting.logs(), servers -> disk.folder().ifPresent(folder -> servers.data(0, folder)));
        Drum drum = Drum.start(ground.servers().connectString())) {
      joinAll(ground);
      Storm storm = new Storm(setting, since -> silent(since).isEmpty(), this::state);
      pace = storm.measureCalm(signs::get);
      storm.rage(deck(ground), timeline);
      fillDisk(ground, disk, storm, timeline, verdicts);
      ground.heal();
      verdicts.needs("control: watchers deaf", deaf(), 1);
      reconnect(ground, setting, verdicts);
      ground.finish();
    }
    verdicts.pace(pace);
    judge(setting.at(pace.speed(UNFAULTED)), timeline, verdicts);
    Timeline longer = new Timeline();
    long blocked = loseQuorumForLong(setting, longer);
    judgeLong(timeline, longer, blocked, verdicts);
    return verdicts.outcome();
  }

  private void joinAll(Ground ground) {
    for (String member : MEMBERS) {
      String[] others =
          MEMBERS.stream().filter(each -> !each.equals(member)).toArray(String[]::new);
      ground.join(member, LoopsChild.class, this::heard, others);
    }
  }

  /** Outages that are longer than a long session; how many claims of the control were not back in time. */
  private long loseQuorumForLong(Setting setting, Timeline timeline) throws Exception {
    long blocked = 0;
    Path logs = Files.createDirectories(setting.logs().resolve("long-session"));
    try (Ground ground = Ground.open(logs, LONG_SESSION, servers -> {});
        Drum drum = Drum.start(ground.servers().connectString())) {
      joinAll(ground);
      Storm storm = new Storm(setting, since -> silent(since).isEmpty(), this::state);
      storm.awaitCalm();
      Disturbance outage = Disturbances.loseQuorumFor(ground, LONG_OUTAGE);
      List<String> claims = each(List.of(LoopsChild.CLAIM));
      for (long i = longOutages(setting); i > 0; i--) {
        long start = Timekeeper.system().nanos();
        Stopwatch.await(Storm.GIVEN_UP, () -> beats.silentSince(start, claims).isEmpty());
        long over = storm.strike(outage, timeline);
        Duration left = Storm.BACK.minusNanos(Timekeeper.system().nanos() - over);
        Stopwatch.pause(left.isNegative() ? Duration.ZERO : left);
        blocked += beats.silentSince(over, claims).size();
      }
      ground.finish();
    }
    return blocked;
  }

  private static long longOutages(Setting setting) {
    return setting.scaled(4);
  }

  /** Reports each session for itself. */
  void judgeLong(Timeline shorter, Timeline longer, long blocked, Verdicts verdicts) {
    verdicts
        .count(
            "session " + Ground.SESSION.toSeconds() + " s: slowest back ms", shorter.backAfter(1))
        .count("session " + LONG_SESSION.toSeconds() + " s: slowest back ms", longer.backAfter(1))
        .needs("session " + LONG_SESSION.toSeconds() + " s: outages", longer.landed(), 1)
        .needs(
            "session " + LONG_SESSION.toSeconds() + " s: control: claims not back within "
                + Storm.BACK.toSeconds() + " s",
            blocked,
            1)
        .forbids(
            "session " + LONG_SESSION.toSeconds() + " s: not back within " + Storm.BACK.toSeconds()
                + " s",
            longer.slower(Storm.BACK));
    longer.incidents().forEach(shorter::add);
  }

  void judge(Setting setting, Timeline timeline, Verdicts verdicts) {
    verdicts
        .count("invoked", signs.get())
        .needs("faults", timeline.landed(), setting.reachable(20))
        .forbids("not back within " + Storm.BACK.toSeconds() + " s", timeline.slower(Storm.BACK));
  }

  private static void fillDisk(
      Ground ground, Disk disk, Storm storm, Timeline timeline, Verdicts verdicts)
      throws InterruptedException {
    if (disk.folder().isEmpty()) {
      verdicts.count("disk full: not possible here", 1);
      return;
    }
    Disturbance full = Disturbances.fillDisk(ground, disk, 0);
    storm.strike(full, timeline);
    verdicts.needs(full.kind(), timeline.kinds().getOrDefault(full.kind(), 0L), 1);
  }

  private String state() {
    long now = Timekeeper.system().nanos() - Storm.BACK.toNanos();
    return "signs of life " + signs.get() + ", silent for " + Storm.BACK.toSeconds() + " s "
        + silent(now);
  }

  void heard(String life, String line) {
    if (line.startsWith(LoopsChild.BEAT)) {
      String loop = line.split(" ", -1)[1];
      String who = loop.equals(LoopsChild.JOB) ? SOMEBODY : Part.memberOf(life);
      beats.heard(who + " " + loop);
      signs.incrementAndGet();
    } else if (line.startsWith(LoopsChild.CENSUS)) {
      censuses.put(life, Census.parse(line.substring(LoopsChild.CENSUS.length())));
    }
  }

  private static List<Disturbance> deck(Ground ground) {
    return List.of(
        Disturbances.isolate(ground),
        Disturbances.killLeader(ground),
        Disturbances.cut(ground),
        Disturbances.loseQuorum(ground),
        Disturbances.isolate(ground),
        Disturbances.rollingRestart(ground),
        Disturbances.cut(ground),
        Disturbances.pauseLeader(ground));
  }

  /** The loops that have not shown a sign of life since a moment of the monotonic clock. */
  List<String> silent(long since) {
    List<String> all = each(LOOPS);
    all.add(SOMEBODY + " " + LoopsChild.JOB); // each slot is run by one of them
    return beats.silentSince(since, all);
  }

  private static List<String> each(List<String> loops) {
    List<String> all = new ArrayList<>();
    MEMBERS.forEach(member -> loops.forEach(loop -> all.add(member + " " + loop)));
    return all;
  }

  private long deaf() throws InterruptedException {
    long now = Timekeeper.system().nanos();
    Stopwatch.pause(DEAF);
    return beats.silentSince(now, each(List.of(LoopsChild.CONTROL))).size();
  }

  private void reconnect(Ground ground, Setting setting, Verdicts verdicts)
      throws InterruptedException, IOException {
    long wanted = setting.scaled(100);
    long bound = Math.max(5, wanted / 4);
    Map<String, Census> before = census(ground);
    long watches = WatchCount.of(ground.servers());
    cutAll(ground, wanted, setting, verdicts);
    long after = WatchCount.of(ground.servers());
    List<String> grown = grown(before, census(ground), bound);
    verdicts
        .needs("processes counted before and after", before.size(), MEMBERS.size())
        .count("watches before", watches)
        .count("watches after", after)
        .forbids("watches grown", beyond(after - watches, bound))
        .forbids("threads or listeners grown", grown.size())
        .violations(grown);
  }

  private void cutAll(Ground ground, long wanted, Setting setting, Verdicts verdicts)
      throws InterruptedException {
    long cuts = 0;
    long late = 0;
    for (int i = 1; i <= wanted; i++) {
      cuts +=
          ground.members().stream().mapToInt(Member::cut).filter(cut -> cut > 0).count();
      long now = Timekeeper.system().nanos();
      late += Stopwatch.await(Storm.BACK, () -> silent(now).isEmpty()) ? 0 : 1;
      if (i % 10 == 0) {
        setting.progress().accept("reconnects of each: " + i + ", not back: " + silent(now));
      }
    }
    verdicts
        .needs("reconnects", cuts, wanted * MEMBERS.size())
        .forbids("loops not back after a reconnect", late);
  }

  /** Returns descriptions of the resources that have grown, for each process. */
  static List<String> grown(Map<String, Census> before, Map<String, Census> after, long bound) {
    List<String> grown = new ArrayList<>();
    before.forEach((life, earlier) -> {
      Census census = after.get(life);
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
  private Map<String, Census> census(Ground ground) throws InterruptedException {
    Stopwatch.pause(QUIET);
    censuses.clear();
    ground.members().forEach(member -> member.child().send(LoopsChild.CENSUS));
    Stopwatch.await(Storm.GIVEN_UP, () -> censuses.size() == MEMBERS.size());
    return Map.copyOf(censuses);
  }
}
