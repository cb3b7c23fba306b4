package io.zookit.registry.internal.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.registry.InstanceProbe;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.balance.CallStats;
import io.zookit.registry.internal.selection.LiveNode;
import io.zookit.registry.internal.selection.ServiceMember;
import io.zookit.registry.internal.store.NodeName;
import io.zookit.testkit.ManualTimekeeper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuarantineProberTest implements QuarantineProber.ProbeListener, InstanceProbe {

  private static final Duration TICK = Duration.ofMillis(1);

  private final ManualTimekeeper time = new ManualTimekeeper();
  private final Map<String, CompletableFuture<Optional<String>>> asked = new LinkedHashMap<>();
  private final List<String> verdicts = new ArrayList<>();
  private final QuarantineProber prober =
      new QuarantineProber(time, Runnable::run, QuarantineProberTest::runAlone, this, this);

  /** Runs a task as a lane does, which survives a task that fails. */
  private static void runAlone(Runnable task) {
    try {
      task.run();
    } catch (IllegalStateException e) {
      assertThat(e).hasMessage("a probe that fails");
    }
  }

  @Override
  public CompletionStage<Optional<String>> whoIsAt(ServiceInstance instance) {
    if (instance.id().equals("i13")) {
      throw new IllegalStateException("a probe that fails");
    }
    CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
    asked.put(instance.id(), answer);
    return answer;
  }

  @Override
  public void onAlive(ServiceMember member) {
    verdicts.add(member.instance().id() + " alive");
  }

  @Override
  public void onDead(ServiceMember member, String why) {
    verdicts.add(member.instance().id() + " dead: " + why);
  }

  @Test
  void look_many_asksNoMoreAtATimeThanTheBudget() {
    prober.probe(members(0, 12));
    assertThat(asked).hasSize(QuarantineProber.BUDGET);
    answer("i3", "i3");
    assertThat(asked).hasSize(QuarantineProber.BUDGET).containsKey("i8");
    prober.probe(members(0, 12));
    assertThat(asked).hasSize(QuarantineProber.BUDGET);
    assertThat(verdicts).containsExactly("i3 alive");
  }

  @Test
  void answer_ownId_isAliveAndAskedAgainLater() {
    prober.probe(members(0, 1));
    answer("i0", "i0");
    time.advance(QuarantineProber.AGAIN.minus(TICK));
    assertThat(asked).isEmpty();
    time.advance(TICK);
    answer("i0", "i0");
    assertThat(verdicts).containsExactly("i0 alive", "i0 alive");
  }

  @Test
  void answer_anotherId_isDeadAtOnce() {
    prober.probe(members(0, 1));
    answer("i0", "i7");
    assertThat(verdicts).containsExactly("i0 dead: i7 is there");
  }

  @Test
  void answer_nobodyOnceAndThenItself_isAlive() {
    prober.probe(members(0, 1));
    answer("i0", "");
    assertThat(verdicts).isEmpty();
    time.advance(QuarantineProber.SOON);
    answer("i0", "i0");
    assertThat(verdicts).containsExactly("i0 alive");
  }

  @Test
  void answer_nobodyTwiceInARow_isDead() {
    prober.probe(members(0, 1));
    question("i0").completeExceptionally(new IllegalStateException("refused"));
    time.advance(QuarantineProber.SOON);
    answer("i0", "");
    assertThat(verdicts).containsExactly("i0 dead: nobody answers");
  }

  @Test
  void answer_thatNeverComes_isNobodyAndCountsNoMoreAfterwards() {
    prober.probe(members(0, 1));
    CompletableFuture<Optional<String>> first = question("i0");
    time.advance(QuarantineProber.PATIENCE);
    time.advance(QuarantineProber.SOON);
    first.complete(Optional.of("i0"));
    assertThat(verdicts).isEmpty();
    time.advance(QuarantineProber.PATIENCE);
    assertThat(verdicts).containsExactly("i0 dead: nobody answers");
  }

  @Test
  void probe_thatThrows_isNobody() {
    prober.probe(members(13, 14));
    time.advance(QuarantineProber.PATIENCE);
    time.advance(QuarantineProber.SOON);
    time.advance(QuarantineProber.PATIENCE);
    assertThat(verdicts).containsExactly("i13 dead: nobody answers");
  }

  @Test
  void pause_answersThatComeMeanwhile_doNotCount() {
    prober.probe(members(0, 2));
    prober.pause();
    answer("i0", "i7");
    time.advance(QuarantineProber.AGAIN);
    assertThat(verdicts).isEmpty();
    assertThat(asked).containsOnlyKeys("i1");
    asked.clear();
    prober.probe(members(0, 2));
    assertThat(asked).containsOnlyKeys("i0", "i1");
  }

  @Test
  void probe_memberIsInQuarantineNoMore_theAnswerIsIgnored() {
    prober.probe(members(0, 2));
    prober.probe(members(1, 2));
    answer("i0", "i7");
    assertThat(verdicts).isEmpty();
  }

  private void answer(String id, String said) {
    question(id).complete(said.isEmpty() ? Optional.empty() : Optional.of(said));
  }

  private CompletableFuture<Optional<String>> question(String id) {
    return Objects.requireNonNull(asked.remove(id));
  }

  private static List<ServiceMember> members(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> ServiceInstance.at("s", "h" + i, 80).withId("i" + i))
        .map(each -> new LiveNode("", new NodeName(each.id(), 1), 0, each))
        .map(node -> new ServiceMember(node, 1, new CallStats(0, 0), false))
        .toList();
  }
}
