package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.LIMITS;
import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.config.gray.Audience;
import io.zookit.core.ZkException;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Random commands against a model in memory and a real server: after each both say the same. */
@Tag("full")
class ModelIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final int KEEP = 4;
  private static final int SEEDS = Scale.of(3, 60);

  /** A model of the store, as simple as possible. */
  private static final class Model {
    final TreeMap<Integer, String> releases = new TreeMap<>();
    final Map<Integer, @Nullable Integer> before = new TreeMap<>();
    final Map<String, Integer> grays = new LinkedHashMap<>();
    final TreeSet<Integer> pins = new TreeSet<>();
    final Map<String, String> drafts = new TreeMap<>();
    final Map<String, Integer> bases = new TreeMap<>();
    int last;
    int stable;
    long revision;
    boolean deleted;

    /** The stable release at its creation, or at the creation of what it restores. */
    int add(String content) {
      releases.put(++last, content);
      before.put(last, stable == 0 ? null : stable);
      revision++;
      return last;
    }

    boolean publishable() {
      return !deleted && grays.isEmpty();
    }

    void collect() {
      TreeSet<Integer> kept = new TreeSet<>(pins);
      kept.add(last);
      kept.add(stable);
      kept.addAll(grays.values());
      kept.addAll(bases.values());
      List<Integer> numbers = new ArrayList<>(releases.keySet());
      kept.addAll(numbers.subList(Math.max(0, numbers.size() - KEEP), numbers.size()));
      if (releases.keySet().retainAll(kept)) {
        revision++;
      }
    }
  }

  @Test
  void commands_atRandom_doWhatTheModelSays() throws Exception {
    int first = Integer.getInteger("zookit.seed", 1);
    for (int seed = first; seed < first + SEEDS; seed++) {
      try (ConfigWorld world =
          new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot() + "-" + seed)) {
        run(world.store(), seed, 120);
      }
    }
  }

  private static void run(ConfigStore store, int seed, int commands) throws Exception {
    Random random = new Random(seed);
    Model model = new Model();
    store.create(LIMITS, ANA);
    store.setPolicy(
        LIMITS, Policy.standard().withRetention(KEEP, Duration.ZERO, Long.MAX_VALUE), ANA);
    model.revision = 2;
    List<String> done = new ArrayList<>();
    for (int i = 0; i < commands; i++) {
      int command = random.nextInt(14);
      int value = random.nextInt(5);
      done.add(command + "(" + value + ")");
      boolean expected = apply(model, command, value);
      boolean actual;
      try {
        actual = apply(store, command, value);
      } catch (ZkException e) {
        actual = false;
        done.set(i, done.get(i) + " refused: " + e.getMessage());
      }
      assertThat(actual).as("seed %s: %s", seed, done).isEqualTo(expected);
      assertSame(store, model, "seed " + seed + ": " + done);
    }
    History.Verdict verdict = store.history(LIMITS).verify();
    assertThat(verdict.problems()).as("seed %s", seed).isEmpty();
    assertThat(verdict.entries()).isEqualTo((int) model.revision);
    for (Map.Entry<Integer, String> release : model.releases.entrySet()) {
      assertThat(store.history(LIMITS).content(release.getKey()).text())
          .as("seed %s: release %s", seed, release.getKey())
          .isEqualTo(release.getValue());
    }
  }

  /** Applies a command if it is allowed. */
  private static boolean apply(Model model, int command, int value) {
    return switch (command) {
      case 0, 1, 2 -> publish(model, "v=" + value);
      case 3 -> rollback(model, value);
      case 4 -> gray(model, "g" + value % 2, "v=g" + value);
      case 5 -> endGray(model, "g" + value % 2, true);
      case 6 -> endGray(model, "g" + value % 2, false);
      case 7 -> setDeleted(model, true);
      case 8 -> setDeleted(model, false);
      case 9 -> pin(model, value, true);
      case 10 -> pin(model, value, false);
      case 11 -> {
        model.collect();
        yield true;
      }
      case 12 -> saveDraft(model, "d" + value % 2, "v=d" + value);
      default -> publishDraft(model, "d" + value % 2);
    };
  }

  private static boolean apply(ConfigStore store, int command, int value) throws Exception {
    Drafts drafts = store.drafts(LIMITS);
    String gray = "g" + value % 2;
    switch (command) {
      case 0, 1, 2 -> store.publish(LIMITS, Content.properties("v=" + value), ANA);
      case 3 -> store.rollback(LIMITS, value, ANA);
      case 4 ->
        store.gray(
            LIMITS, gray, Content.properties("v=g" + value), Rollout.of(Audience.percent(10)), ANA);
      case 5 -> present(store, gray).promote(ANA);
      case 6 -> present(store, gray).abandon(ANA);
      case 7 -> store.delete(LIMITS, ANA);
      case 8 -> store.restore(LIMITS, ANA);
      case 9 -> store.pin(LIMITS, value, ANA);
      case 10 -> store.unpin(LIMITS, value, ANA);
      case 11 -> store.maintenance().collect(LIMITS, ANA);
      case 12 ->
        drafts.save(
            drafts.open("d" + value % 2).withContent(Content.properties("v=d" + value)), ANA);
      default ->
        store.publish(
            drafts
                .find("d" + value % 2)
                .orElseThrow(() -> new ConfigNotFoundException(LIMITS, "draft")),
            ANA);
    }
    return true;
  }

  private static GrayRelease present(ConfigStore store, String gray) throws Exception {
    return store.gray(LIMITS, gray).orElseThrow(() -> new ConfigNotFoundException(LIMITS, gray));
  }

  private static boolean publish(Model model, String content) {
    if (!model.publishable()) {
      return false;
    }
    if (!content.equals(model.releases.get(model.stable))) {
      model.stable = model.add(content);
    }
    return true;
  }

  private static boolean rollback(Model model, int number) {
    String content = model.releases.get(number);
    return content != null && publish(model, content);
  }

  private static boolean gray(Model model, String name, String content) {
    boolean allowed = !model.deleted
        && model.stable != 0
        && !model.grays.containsKey(name)
        && !content.equals(model.releases.get(model.stable));
    if (allowed) {
      model.grays.put(name, model.add(content));
    }
    return allowed;
  }

  private static boolean endGray(Model model, String name, boolean promote) {
    Integer number = model.grays.get(name);
    if (number == null || (promote && (model.deleted || !isOnStable(model, number)))) {
      return false;
    }
    model.grays.remove(name);
    if (promote) {
      model.stable = model.add(model.releases.getOrDefault(number, ""));
    } else {
      model.revision++;
    }
    return true;
  }

  private static boolean isOnStable(Model model, int number) {
    Integer base = model.before.get(number);
    return base != null && base == model.stable;
  }

  private static boolean setDeleted(Model model, boolean deleted) {
    if (model.deleted != deleted) {
      model.deleted = deleted;
      model.revision++;
    }
    return true;
  }

  private static boolean pin(Model model, int number, boolean pinned) {
    if (pinned && !model.pins.contains(number) && !model.releases.containsKey(number)) {
      return false;
    }
    if (pinned ? model.pins.add(number) : model.pins.remove(number)) {
      model.revision++;
    }
    return true;
  }

  private static boolean saveDraft(Model model, String name, String content) {
    model.bases.putIfAbsent(name, model.stable);
    model.drafts.put(name, content);
    return true;
  }

  private static boolean publishDraft(Model model, String name) {
    String content = model.drafts.get(name);
    if (content == null
        || !model.publishable()
        || model.bases.getOrDefault(name, 0) != model.stable) {
      return false;
    }
    publish(model, content);
    model.drafts.remove(name);
    model.bases.remove(name);
    return true;
  }

  private static void assertSame(ConfigStore store, Model model, String so) throws Exception {
    NamespaceState state = store.state(LIMITS).orElseThrow();
    assertThat(state.lastRelease()).as(so).isEqualTo(model.last);
    assertThat(state.stable().orElse(0)).as(so).isEqualTo(model.stable);
    assertThat(state.grays()).as(so).containsExactlyElementsOf(model.grays.keySet());
    assertThat(state.deleted()).as(so).isEqualTo(model.deleted);
    assertThat(state.revision()).as(so).isEqualTo(model.revision);
    assertThat(state.pins()).as(so).containsExactlyInAnyOrderElementsOf(model.pins);
    History history = store.history(LIMITS);
    assertThat(history.releases(1000))
        .as(so)
        .extracting(Release::number)
        .containsExactlyElementsOf(model.releases.descendingKeySet());
    for (int number : List.of(state.lastRelease(), model.stable)) {
      if (number > 0) {
        assertThat(history.content(number).text()).as(so).isEqualTo(model.releases.get(number));
      }
    }
    assertThat(store.drafts(LIMITS).list())
        .as(so)
        .extracting(Draft::name)
        .containsExactlyElementsOf(model.drafts.keySet());
  }
}
