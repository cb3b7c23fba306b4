package io.zookit.config;

import static io.zookit.config.ConfigWorld.ANA;
import static io.zookit.config.ConfigWorld.LIMITS;
import static io.zookit.config.ConfigWorld.LONG;
import static io.zookit.config.ConfigWorld.PRICES;
import static io.zookit.config.ConfigWorld.numbers;
import static io.zookit.config.ConfigWorld.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.config.ConfigStore.Participant;
import io.zookit.core.LiveValue;
import io.zookit.core.Subscription;
import io.zookit.testkit.ZkServerExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Participants that accept, reject, throw and block. */
@Tag("full")
class ParticipantIT {

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  private static final Set<Namespace> BOTH = Set.of(LIMITS, PRICES);

  /** Accepts or rejects by the value {@code a} of {@link ConfigWorld#LIMITS}, and remembers every call. */
  private static final class Recorder implements Participant {

    private final Function<String, Preparation> rule;
    private final Duration deadline;
    private final List<Map<Namespace, ConfigSnapshot>> prepared = new CopyOnWriteArrayList<>();
    private final List<Generation> committed = new CopyOnWriteArrayList<>();
    private final Set<String> threads = java.util.concurrent.ConcurrentHashMap.newKeySet();

    Recorder(Function<String, Preparation> rule) {
      this(rule, LONG);
    }

    Recorder(Function<String, Preparation> rule, Duration deadline) {
      this.rule = rule;
      this.deadline = deadline;
    }

    @Override
    public Preparation prepare(Map<Namespace, ConfigSnapshot> candidates) {
      threads.add(Thread.currentThread().getName());
      prepared.add(candidates);
      ConfigSnapshot limits = candidates.get(LIMITS);
      return rule.apply(limits == null ? "" : limits.get("a", ""));
    }

    @Override
    public void commit(Generation generation) {
      threads.add(Thread.currentThread().getName());
      committed.add(generation);
      if (latest(LIMITS).equals("13")) {
        throw new IllegalStateException("of the test");
      }
    }

    @Override
    public Duration deadline() {
      return deadline;
    }

    String latest(Namespace ns) {
      if (committed.isEmpty()) {
        return "";
      }
      return value(committed.get(committed.size() - 1), ns);
    }

    static String value(Generation generation, Namespace ns) {
      ConfigSnapshot snapshot = generation.snapshots().get(ns);
      return snapshot == null ? "" : snapshot.get("a", "");
    }
  }

  private final ConfigWorld world = new ConfigWorld(zooKeeper.server(), zooKeeper.freshRoot());
  private final ConfigStore publisher = world.store();
  private final ConfigStore store = world.instance("web-1");

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void follow_releasesOfOneTransaction_areOneGenerationEach() throws Exception {
    Recorder recorder = new Recorder(any -> new Participant.Accepted());
    publish(1);
    store.follow(BOTH, recorder);
    soon().until(() -> recorder.latest(PRICES).equals("1"));

    for (int n = 2; n <= 60; n++) {
      publish(n);
    }

    soon().until(() -> recorder.latest(LIMITS).equals("60"));
    for (Participant.Generation generation : recorder.committed) {
      assertThat(Recorder.value(generation, LIMITS)).isEqualTo(Recorder.value(generation, PRICES));
    }
    for (int i = 0; i < recorder.committed.size(); i++) {
      assertThat(recorder.committed.get(i).number()).isEqualTo(i + 1);
    }
    assertThat(recorder.threads).noneMatch(name -> name.contains("EventThread"));
  }

  @Test
  void follow_aNamespaceThatComesLater_isPreparedWithTheOthers() throws Exception {
    Recorder recorder = new Recorder(any -> new Participant.Accepted());
    publisher.publish(LIMITS, numbers(1), ANA);
    store.follow(BOTH, recorder);
    soon().until(() -> recorder.latest(LIMITS).equals("1"));
    assertThat(recorder.committed.get(0).snapshots()).containsOnlyKeys(LIMITS);

    publisher.publish(PRICES, numbers(2), ANA);

    soon().until(() -> recorder.latest(PRICES).equals("2"));
    assertThat(recorder.latest(LIMITS)).isEqualTo("1");
  }

  @Test
  void prepare_rejects_keepsTheLastGoodOnesForAllHandlesAndSaysWhy() throws Exception {
    Recorder recorder = new Recorder(
        a -> a.equals("2") ? new Participant.Rejected("even numbers") : new Participant.Accepted());
    publish(1);
    LiveValue<ConfigSnapshot> plain = store.follow(PRICES).awaitReady(LONG);
    store.follow(BOTH, recorder);
    soon().until(() -> recorder.latest(LIMITS).equals("1"));

    publish(2);

    soon().until(() -> ack(PRICES).status() == InstanceReleaseStatus.Status.REJECTED);
    soon().until(() -> ack(LIMITS).status() == InstanceReleaseStatus.Status.REJECTED);
    assertThat(ack(LIMITS).reason()).contains("even numbers");
    assertThat(ack(LIMITS).release()).isEqualTo(1);
    assertThat(plain.current().get("a")).contains("1");
    assertThat(recorder.latest(LIMITS)).isEqualTo("1");
    publish(3);
    soon().until(() -> recorder.latest(PRICES).equals("3"));
    soon().until(() -> plain.current().get("a").filter("3"::equals).isPresent());
    assertThat(recorder.committed).hasSize(2);
  }

  @Test
  void prepare_throws_rejectsWithoutTheMessageAndIsCalledAgain() throws Exception {
    Recorder recorder = new Recorder(a -> {
      if (a.equals("2")) {
        throw new StackOverflowError("a password");
      }
      return new Participant.Accepted();
    });
    publish(1);
    store.follow(BOTH, recorder);
    soon().until(() -> recorder.latest(LIMITS).equals("1"));

    publish(2);

    soon().until(() -> ack(LIMITS).status() == InstanceReleaseStatus.Status.REJECTED);
    assertThat(ack(LIMITS).reason()).contains("StackOverflowError").doesNotContain("password");
    publish(3);
    soon().until(() -> recorder.latest(LIMITS).equals("3"));
  }

  @Test
  void prepare_blocksPastTheDeadline_rejectsAndIsCalledAgainWhenItReturns() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    Recorder recorder = new Recorder(
        a -> {
          if (a.equals("2")) {
            awaitUninterruptibly(go);
          }
          return new Participant.Accepted();
        },
        Duration.ofMillis(300));
    publish(1);
    store.follow(BOTH, recorder);
    soon().until(() -> recorder.latest(LIMITS).equals("1"));

    publish(2);

    soon().until(() -> ack(LIMITS).status() == InstanceReleaseStatus.Status.REJECTED);
    assertThat(ack(LIMITS).reason()).contains("did not answer within PT0.3S");
    assertThat(recorder.committed).hasSize(1);
    go.countDown();
    soon().until(() -> recorder.latest(LIMITS).equals("2"));
    soon().until(() -> ack(LIMITS).status() == InstanceReleaseStatus.Status.APPLIED);
  }

  @Test
  void commit_throws_isCalledForTheNextGeneration() throws Exception {
    Recorder recorder = new Recorder(any -> new Participant.Accepted());
    publish(13);
    store.follow(BOTH, recorder);
    soon().until(() -> recorder.latest(LIMITS).equals("13"));

    publish(14);

    soon().until(() -> recorder.latest(LIMITS).equals("14"));
    assertThat(recorder.committed).extracting(Participant.Generation::number).endsWith(2L);
  }

  @Test
  void publishVerified_withAParticipantThatRejects_isRefused() throws Exception {
    Recorder recorder = new Recorder(
        a -> a.equals("2") ? new Participant.Rejected("even numbers") : new Participant.Accepted());
    publish(1);
    store.follow(BOTH, recorder);
    soon().until(() -> recorder.latest(LIMITS).equals("1"));
    soon().until(() -> !publisher.instances(LIMITS).isEmpty());

    assertThatThrownBy(() -> publisher.publishVerified(LIMITS, numbers(2), LONG, ANA))
        .isInstanceOf(ConfigRejectedException.class)
        .hasMessageContaining("even numbers");
    assertThat(recorder.committed).hasSize(1);

    publisher.publishVerified(LIMITS, numbers(3), LONG, ANA);
    soon().until(() -> recorder.latest(LIMITS).equals("3"));
    assertThat(recorder.latest(PRICES)).isEqualTo("1");
  }

  @Test
  void close_ofTheSubscription_endsTheCallsAndTheAcknowledgements() throws Exception {
    Recorder recorder = new Recorder(any -> new Participant.Accepted());
    publish(1);
    Subscription following = store.follow(BOTH, recorder);
    soon().until(() -> recorder.latest(LIMITS).equals("1"));
    soon().until(() -> !publisher.instances(LIMITS).isEmpty());

    following.close();
    publish(2);

    soon().until(() -> publisher.instances(LIMITS).isEmpty());
    assertThat(recorder.prepared).hasSize(1);
    assertThat(recorder.committed).hasSize(1);
  }

  @Test
  void follow_noNamespace_isRefused() {
    assertThatThrownBy(
            () -> store.follow(Set.of(), new Recorder(any -> new Participant.Accepted())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("namespaces: none (expected: at least one)");
    assertThatThrownBy(() -> new Participant.Rejected(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private void publish(int n) throws InterruptedException {
    publisher.publish(Map.of(LIMITS, numbers(n), PRICES, numbers(n)), ANA);
  }

  private InstanceReleaseStatus ack(Namespace ns) throws InterruptedException {
    soon().until(() -> !publisher.instances(ns).isEmpty());
    return publisher.instances(ns).get(0);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
