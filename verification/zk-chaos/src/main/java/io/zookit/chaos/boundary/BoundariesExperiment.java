package io.zookit.chaos.boundary;

import io.zookit.chaos.experiment.BaselineRate;
import io.zookit.chaos.experiment.Experiment;
import io.zookit.chaos.experiment.ExperimentResult;
import io.zookit.chaos.experiment.FaultTimeline;
import io.zookit.chaos.experiment.InjectedFault;
import io.zookit.chaos.experiment.ResultBuilder;
import io.zookit.chaos.experiment.RunSettings;
import io.zookit.chaos.experiment.Stopwatch;
import io.zookit.chaos.experiment.Testbed;
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
public final class BoundariesExperiment implements Experiment {

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
      ZkProcesses servers, LeftoverNodes tree, ExecutorService trials, ExecutorService uses) {}

  private final TrialLog log = new TrialLog();
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
  public ExperimentResult run(RunSettings settings) throws Exception {
    FaultTimeline timeline = new FaultTimeline();
    ResultBuilder results = new ResultBuilder(this, settings, timeline);
    ExecutorService trials = Executors.newFixedThreadPool(AT_ONCE);
    ExecutorService uses = Executors.newCachedThreadPool();
    try (Testbed testbed = Testbed.open(settings.logs());
        LeftoverNodes tree = LeftoverNodes.in(testbed.servers().connectString())) {
      Site site = new Site(testbed.servers(), tree, trials, uses);
      Stopwatch counting = new Stopwatch();
      List<CutPoint> all = boundaries(site, settings);
      BaselineRate baseline = new BaselineRate(2L * Recipe.values().length, counting.elapsed());
      settings.progress().accept(all.size() + " boundaries");
      Random order = new Random(settings.seed());
      Stopwatch run = new Stopwatch();
      do {
        List<Future<Optional<TrialResult>>> running = new ArrayList<>();
        for (CutPoint each : inTurns(all, order)) {
          running.add(trials.submit(() -> run.hasPassed(settings.length())
              ? Optional.empty()
              : Optional.of(trial(each.use(), site).run(each))));
        }
        gather(running, run, settings, timeline);
      } while (!run.hasPassed(settings.length()));
      results.baseline(baseline);
      judge(settings.at(baseline.speed(UNFAULTED)), all, timeline, results);
    } finally {
      trials.shutdownNow();
      uses.shutdownNow();
    }
    return results.outcome();
  }

  private Trial trial(CutPoint.Use use, Site site) {
    int number = roots.incrementAndGet();
    return new Trial(
        use,
        site.servers.connectString(number % site.servers.size()),
        site.servers.connectString(),
        Testbed.ROOT + "/b" + number,
        site.tree,
        site.uses);
  }

  private List<CutPoint> boundaries(Site site, RunSettings settings) throws Exception {
    Map<CutPoint.Use, Future<PacketCounts>> counts = new LinkedHashMap<>();
    for (Recipe recipe : Recipe.values()) {
      for (boolean first : new boolean[] {true, false}) {
        CutPoint.Use use = new CutPoint.Use(recipe, first);
        counts.put(use, site.trials.submit(() -> trial(use, site).count()));
      }
    }
    List<CutPoint> all = new ArrayList<>();
    for (Map.Entry<CutPoint.Use, Future<PacketCounts>> each : counts.entrySet()) {
      all.addAll(boundaries(each.getKey(), each.getValue().get()));
      settings
          .progress()
          .accept("requests of " + each.getKey() + ": " + each.getValue().get());
    }
    return all;
  }

  static List<CutPoint> boundaries(CutPoint.Use use, PacketCounts counts) {
    List<CutPoint> all = new ArrayList<>();
    counts.requests().forEach((op, count) -> {
      for (int nth = 1; nth <= count && !OTHERS.contains(op); nth++) {
        for (CutPoint.Cut cut : CutPoint.Cut.values()) {
          all.add(new CutPoint(use, op, nth, cut));
        }
      }
    });
    return all;
  }

  /** In an order made from the seed, but one of each recipe in turn, so that a short run has some of each. */
  static List<CutPoint> inTurns(List<CutPoint> all, Random order) {
    Map<Recipe, Deque<CutPoint>> left = new EnumMap<>(Recipe.class);
    List<CutPoint> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, order);
    for (CutPoint each : shuffled) {
      left.computeIfAbsent(each.use().recipe(), any -> new ArrayDeque<>()).add(each);
    }
    List<CutPoint> turns = new ArrayList<>();
    while (turns.size() < all.size()) {
      left.values().stream()
          .filter(each -> !each.isEmpty())
          .forEach(each -> turns.add(each.remove()));
    }
    return turns;
  }

  private void gather(
      List<Future<Optional<TrialResult>>> results,
      Stopwatch run,
      RunSettings settings,
      FaultTimeline timeline)
      throws Exception {
    for (int i = 1; i <= results.size(); i++) {
      Optional<TrialResult> got = results.get(i - 1).get();
      if (got.isEmpty()) {
        return; // the time has passed
      }
      TrialResult result = got.get();
      CutPoint boundary = result.boundary();
      log.add(result).forEach(settings.progress());
      timeline.add(new InjectedFault(
          run.elapsed().toMillis(),
          boundary.cut().toString(),
          boundary.use() + " " + boundary.op() + " " + boundary.nth(),
          result.landed(),
          result.endMillis()));
      if (i % SHOWN_EACH == 0 || i == results.size()) {
        settings
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

  void add(TrialResult result) {
    log.add(result);
  }

  void judge(
      RunSettings settings, List<CutPoint> all, FaultTimeline timeline, ResultBuilder results) {
    long wanted =
        all.stream().filter(each -> !each.use().recipe().isControl()).distinct().count();
    results
        .count("invoked", log.uses())
        .count("acknowledged", log.uses() - log.failed())
        .count("unknown", log.failed())
        .count("boundaries", wanted)
        .needs("boundaries met", log.landed(), Math.min(wanted * 9 / 10, settings.reachable(LEAST)))
        .count("faults", timeline.landed());
    for (Recipe recipe : Recipe.values()) {
      if (!recipe.isControl()) {
        results.needs("met of " + recipe, log.landed(recipe), Math.max(1, (long)
            (LEAST_OF_A_RECIPE * settings.speed())));
      }
    }
    results
        .needs("control: uses that left a node", log.controlLeft(), 1)
        .violations(log.transcript().findings())
        .forbids(
            "not ended, left, next refused, wrong effects", log.transcript().found());
  }
}
