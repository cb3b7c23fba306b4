package io.zookit.testkit.internal.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.testkit.ZkServer;
import io.zookit.testkit.ZkServerExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The simulated ZooKeeper next to a real server: random requests of several sessions get the same replies, and watchers
 * receive the same events in the same order.
 *
 * <p>{@code -Dzookit.seed=N} runs one seed again, {@code -Dzookit.seeds=N} sets how many the long tests run.
 */
class SimulationConformanceIT {

  /** It removes no containers by itself, which would be a transaction that the other side does not see. */
  @RegisterExtension
  static final ZkServerExtension zk =
      new ZkServerExtension(Map.of("znode.container.checkIntervalMs", "3600000"));

  private static final int SEEDS = Integer.getInteger("zookit.seeds", 10);
  private static final int SESSIONS = 3;

  @Test
  void requests_fewSeeds_areAnsweredAsByAServer() {
    for (long seed = 1; seed <= 2; seed++) {
      new Run(seed, new SimulatedSide(seed), zk.server()).requests(40);
    }
  }

  @Test
  @Tag("full")
  void requests_manySeeds_areAnsweredAsByAServer() {
    Long replayed = Long.getLong("zookit.seed");
    long first = replayed == null ? System.nanoTime() : replayed;
    for (long seed = first; seed < first + (replayed == null ? SEEDS : 1); seed++) {
      new Run(seed, new SimulatedSide(seed), zk.server()).requests(200);
    }
  }

  @Test
  @Tag("full")
  void watches_setAgainAfterAnOutage_fireAsOnAServer() {
    Long replayed = Long.getLong("zookit.seed");
    long first = replayed == null ? System.nanoTime() : replayed;
    for (long seed = first; seed < first + (replayed == null ? SEEDS / 6 : 1); seed++) {
      new Run(seed, new SimulatedSide(seed), zk.server()).outages(4, 40);
    }
  }

  /** The control: a simulation that compares no versions is found to differ. */
  @Test
  void requests_ofASimulationThatIgnoresVersions_differ() {
    SimulatedSide wrong = new SimulatedSide(1, Defect.VERSIONS_IGNORED);
    assertThatThrownBy(() -> new Run(1, wrong, zk.server()).requests(300))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("BADVERSION");
  }

  /** One seed on both sides. */
  private static final class Run {
    private final long seed;
    private final ConformanceSide simulated;
    private final ConformanceSide real;
    private final Random random;
    private final String root;
    private final String base;
    private final ConformanceStep.Source source;
    private final List<String> story = new ArrayList<>();
    private final List<Integer> open = new ArrayList<>();
    private int sessions;

    Run(long seed, ConformanceSide simulated, ZkServer server) {
      this.seed = seed;
      this.simulated = simulated;
      this.real = new RealSide(server);
      this.random = new Random(seed);
      this.root = zk.freshRoot();
      this.base = root + "/c";
      this.source = new ConformanceStep.Source(random, base);
    }

    void requests(int steps) {
      try (simulated;
          real) {
        begin();
        for (int i = 0; i < steps; i++) {
          if (random.nextInt(25) == 0) {
            replaceSession();
          } else {
            step(source.next(any()), open);
          }
        }
      }
    }

    void outages(int outages, int steps) {
      try (simulated;
          real) {
        begin();
        for (int i = 0; i < outages; i++) {
          for (int j = 0; j < steps; j++) {
            step(source.next(any()), open);
          }
          outage();
        }
      }
    }

    private void begin() {
      for (int i = 0; i < SESSIONS; i++) {
        open();
      }
      for (ConformanceSide side : List.of(simulated, real)) {
        side.perform(
            0,
            (handle, reply) -> handle.create(
                new ZkPath(root),
                new byte[0],
                Ids.OPEN_ACL_UNSAFE,
                CreateMode.PERSISTENT,
                answer -> {
                  side.format().base(answer.get().stat().getCzxid());
                  reply.accept("created");
                }));
      }
      step(source.create(0, base, CreateMode.PERSISTENT), open);
    }

    private void open() {
      simulated.open();
      real.open();
      open.add(sessions++);
    }

    private int any() {
      return open.get(random.nextInt(open.size()));
    }

    private void replaceSession() {
      Integer closed = any();
      story.add("close s" + closed);
      open.remove(closed);
      simulated.close(closed);
      real.close(closed);
      compareEvents(open, true);
      open();
    }

    /** Steps of two sessions, taken apart so that each side is cut off for as long as they last. */
    private void outage() {
      int cut = any();
      List<Integer> others = open.stream().filter(each -> each != cut).toList();
      List<ConformanceStep> steps = IntStream.range(0, 3)
          .mapToObj(i -> source.nextWrite(others.get(random.nextInt(others.size()))))
          .toList();
      story.add("cut s" + cut);
      List<String> expected = new ArrayList<>();
      List<String> actual = new ArrayList<>();
      real.isolate(cut, () -> steps.forEach(step -> expected.add(perform(real, step))));
      simulated.isolate(cut, () -> steps.forEach(step -> actual.add(perform(simulated, step))));
      for (int i = 0; i < steps.size(); i++) {
        story.add(steps.get(i).text() + " -> " + expected.get(i));
        source.learn(expected.get(i));
      }
      assertThat(actual).as(this::describe).isEqualTo(expected);
      compareEvents(open, true);
    }

    private void step(ConformanceStep step, List<Integer> listening) {
      String expected = perform(real, step);
      story.add(step.text() + " -> " + expected);
      String actual = perform(simulated, step);
      assertThat(actual).as(this::describe).isEqualTo(expected);
      source.learn(expected);
      compareEvents(listening, false);
    }

    private static String perform(ConformanceSide side, ConformanceStep step) {
      return side.perform(step.session(), step.action().apply(side.format()));
    }

    private void compareEvents(List<Integer> listening, boolean anyOrder) {
      for (int session : listening) {
        List<String> expected = events(real, session);
        if (!expected.isEmpty()) {
          story.add("  s" + session + " receives " + expected);
        }
        List<String> actual = events(simulated, session);
        if (anyOrder) {
          assertThat(new TreeSet<>(actual)).as(this::describe).isEqualTo(new TreeSet<>(expected));
        } else {
          assertThat(grouped(actual)).as(this::describe).isEqualTo(grouped(expected));
        }
      }
    }

    /** All events that were sent before an answer have been received when it is. */
    private List<String> events(ConformanceSide side, int session) {
      side.perform(
          session, (handle, reply) -> handle.sync(new ZkPath(base), synced -> reply.accept("ok")));
      return side.takeEvents(session);
    }

    /** Watchers of one event are called in no order, nor are those of several kinds that are removed at once. */
    private static List<String> grouped(List<String> events) {
      List<String> result = new ArrayList<>();
      TreeSet<String> group = new TreeSet<>();
      String common = "";
      for (String event : events) {
        String what = event.substring(0, event.indexOf(" to "));
        String kind = what.replaceFirst("^[A-Za-z]*WatchRemoved ", "WatchRemoved ");
        if (!kind.equals(common)) {
          result.addAll(group);
          group.clear();
          common = kind;
        }
        group.add(event);
      }
      result.addAll(group);
      return result;
    }

    private String describe() {
      int from = Math.max(0, story.size() - 60);
      return "zookit.seed=" + seed + "\n" + String.join("\n", story.subList(from, story.size()));
    }
  }
}
