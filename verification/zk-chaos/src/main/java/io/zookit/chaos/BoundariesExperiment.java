package io.zookit.chaos;

import io.zookit.testkit.Op;
import io.zookit.testkit.PacketCounts;
import io.zookit.testkit.ZkProcesses;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Each use of Zookit is tried with a connection that breaks at each of its requests, in each way. First the requests of a
 * use are counted, then each of them is a trial of its own. The control sends a lost create again and has to leave a node.
 */
final class BoundariesExperiment implements Experiment {

  private static final int AT_ONCE = 12;
  private static final int LEAST_OF_A_RECIPE = 6;
  private static final long LEAST = 400;

  /** Uses a minute of a machine for which the thresholds are made, while nothing is broken. */
  private static final long UNFAULTED = 120;

  private static final int SHOWN_EACH = 25;

  /** Operations that are not requests of a use. */
  private static final Set<Op> OTHERS = EnumSet.of(
      Op.CONNECT, Op.PING, Op.AUTH, Op.SET_WATCHES, Op.SET_WATCHES2, Op.CLOSE_SESSION, Op.OTHER);

  /** Servers that trials run against, and the executors of the trials and of the uses in them. */
  private record Site(
      ZkProcesses servers, Leftovers tree, ExecutorService trials, ExecutorService uses) {}

  private final BoundaryLog log = new BoundaryLog();
  private final AtomicInteger roots = new AtomicInteger();

  @Override
  public String name() {
    return "boundaries";
  }

  @Override
  public String promise() {
    return "P4, P8, P9: whichever request the connection breaks at, the call ends in time, nothing is left 2 s after "
        + "the connection is back, and the next client succeeds.";
  }

  @Override
  public Outcome run(Setting setting) throws Exception {
    Timeline timeline = new Timeline();
    Verdicts verdicts = new Verdicts(this, setting, timeline);
    ExecutorService trials = Executors.newFixedThreadPool(AT_ONCE);
    ExecutorService uses = Executors.newCachedThreadPool();
    try (Ground ground = Ground.open(setting.logs());
        Leftovers tree = Leftovers.in(ground.servers().connectString())) {
      Site site = new Site(ground.servers(), tree, trials, uses);
      Stopwatch counting = new Stopwatch();
      List<Boundary> all = boundaries(site, setting);
      Pace pace = new Pace(2L * Recipe.values().length, counting.elapsed());
      setting.progress().accept(all.size() + " boundaries");
      Random order = new Random(setting.seed());
      Stopwatch run = new Stopwatch();
      do {
        List<Future<Optional<BoundaryResult>>> results = new ArrayList<>();
        for (Boundary each : inTurns(all, order)) {
          results.add(trials.submit(() -> run.hasPassed(setting.length())
              ? Optional.empty()
              : Optional.of(trial(each.use(), site).run(each))));
        }
        gather(results, run, setting, timeline);
      } while (!run.hasPassed(setting.length()));
      verdicts.pace(pace);
      judge(setting.at(pace.speed(UNFAULTED)), all, timeline, verdicts);
    } finally {
      trials.shutdownNow();
      uses.shutdownNow();
    }
    return verdicts.outcome();
  }

  private BoundaryTrial trial(Boundary.Use use, Site site) {
    int number = roots.incrementAndGet();
    return new BoundaryTrial(
        use,
        site.servers.connectString(number % site.servers.size()),
        site.servers.connectString(),
        Ground.ROOT + "/b" + number,
        site.tree,
        site.uses);
  }

  private List<Boundary> boundaries(Site site, Setting setting) throws Exception {
    Map<Boundary.Use, Future<PacketCounts>> counts = new LinkedHashMap<>();
    for (Recipe recipe : Recipe.values()) {
      for (boolean first : new boolean[] {true, false}) {
        Boundary.Use use = new Boundary.Use(recipe, first);
        counts.put(use, site.trials.submit(() -> trial(use, site).count()));
      }
    }
    List<Boundary> all = new ArrayList<>();
    for (Map.Entry<Boundary.Use, Future<PacketCounts>> each : counts.entrySet()) {
      all.addAll(boundaries(each.getKey(), each.getValue().get()));
      setting
          .progress()
          .accept("requests of " + each.getKey() + ": " + each.getValue().get());
    }
    return all;
  }

  static List<Boundary> boundaries(Boundary.Use use, PacketCounts counts) {
    List<Boundary> all = new ArrayList<>();
    counts.requests().forEach((op, count) -> {
      for (int nth = 1; nth <= count && !OTHERS.contains(op); nth++) {
        for (Boundary.Cut cut : Boundary.Cut.values()) {
          all.add(new Boundary(use, op, nth, cut));
        }
      }
    });
    return all;
  }

  /** In an order made from the seed, but one of each recipe in turn, so that a short run has some of each. */
  static List<Boundary> inTurns(List<Boundary> all, Random order) {
    Map<Recipe, Deque<Boundary>> left = new EnumMap<>(Recipe.class);
    List<Boundary> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, order);
    for (Boundary each : shuffled) {
      left.computeIfAbsent(each.use().recipe(), any -> new ArrayDeque<>()).add(each);
    }
    List<Boundary> turns = new ArrayList<>();
    while (turns.size() < all.size()) {
      left.values().stream()
          .filter(each -> !each.isEmpty())
          .forEach(each -> turns.add(each.remove()));
    }
    return turns;
  }

  private void gather(
      List<Future<Optional<BoundaryResult>>> results,
      Stopwatch run,
      Setting setting,
      Timeline timeline)
      throws Exception {
    for (int i = 1; i <= results.size(); i++) {
      Optional<BoundaryResult> got = results.get(i - 1).get();
      if (got.isEmpty()) {
        return; // the time has passed
      }
      BoundaryResult result = got.get();
      Boundary boundary = result.boundary();
      log.add(result).forEach(setting.progress());
      timeline.add(new Incident(
          run.elapsed().toMillis(),
          boundary.cut().toString(),
          boundary.use() + " " + boundary.op() + " " + boundary.nth(),
          result.landed(),
          result.endMillis()));
      if (i % SHOWN_EACH == 0 || i == results.size()) {
        setting
            .progress()
            .accept(String.format(
                "%6.1f s  %d of %d, %s",
                run.elapsed().toMillis() / 1000.0, i, results.size(), state()));
      }
    }
  }

  private String state() {
    return String.format(
        "boundaries met %,d, wrong %,d, failed as they may %,d, control left %,d",
        log.landed(), log.transcript().found(), log.failed(), log.controlLeft());
  }

  void add(BoundaryResult result) {
    log.add(result);
  }

  void judge(Setting setting, List<Boundary> all, Timeline timeline, Verdicts verdicts) {
    long wanted =
        all.stream().filter(each -> !each.use().recipe().isControl()).distinct().count();
    verdicts
        .count("invoked", log.uses())
        .count("acknowledged", log.uses() - log.failed())
        .count("unknown", log.failed())
        .count("boundaries", wanted)
        .needs("boundaries met", log.landed(), Math.min(wanted * 9 / 10, setting.reachable(LEAST)))
        .count("faults", timeline.landed());
    for (Recipe recipe : Recipe.values()) {
      if (!recipe.isControl()) {
        verdicts.needs("met of " + recipe, log.landed(recipe), Math.max(1, (long)
            (LEAST_OF_A_RECIPE * setting.speed())));
      }
    }
    verdicts
        .needs("control: uses that left a node", log.controlLeft(), 1)
        .violations(log.transcript().findings())
        .forbids(
            "not ended, left, next refused, wrong effects", log.transcript().found());
  }
}
