package io.zookit.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.registry.balance.CallStats;
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

class LimboRoundsTest implements LimboRounds.Verdicts, LimboProbe {

  private static final Duration TICK = Duration.ofMillis(1);

  private final ManualTimekeeper time = new ManualTimekeeper();
  private final Map<String, CompletableFuture<Optional<String>>> asked = new LinkedHashMap<>();
  private final List<String> verdicts = new ArrayList<>();
  private final LimboRounds rounds =
      new LimboRounds(time, Runnable::run, LimboRoundsTest::runAlone, this, this);

  /** What a lane does with a task that fails. */
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
  public void onAlive(Member member) {
    verdicts.add(member.instance().id() + " alive");
  }

  @Override
  public void onDead(Member member, String why) {
    verdicts.add(member.instance().id() + " dead: " + why);
  }

  @Test
  void look_many_asksNoMoreAtATimeThanTheBudget() {
    rounds.look(members(0, 12));
    assertThat(asked).hasSize(LimboRounds.BUDGET);
    answer("i3", "i3");
    assertThat(asked).hasSize(LimboRounds.BUDGET).containsKey("i8");
    rounds.look(members(0, 12));
    assertThat(asked).hasSize(LimboRounds.BUDGET);
    assertThat(verdicts).containsExactly("i3 alive");
  }

  @Test
  void answer_ownId_isAliveAndAskedAgainLater() {
    rounds.look(members(0, 1));
    answer("i0", "i0");
    time.advance(LimboRounds.AGAIN.minus(TICK));
    assertThat(asked).isEmpty();
    time.advance(TICK);
    answer("i0", "i0");
    assertThat(verdicts).containsExactly("i0 alive", "i0 alive");
  }

  @Test
  void answer_anotherId_isDeadAtOnce() {
    rounds.look(members(0, 1));
    answer("i0", "i7");
    assertThat(verdicts).containsExactly("i0 dead: i7 is there");
  }

  @Test
  void answer_nobodyOnceAndThenItself_isAlive() {
    rounds.look(members(0, 1));
    answer("i0", "");
    assertThat(verdicts).isEmpty();
    time.advance(LimboRounds.SOON);
    answer("i0", "i0");
    assertThat(verdicts).containsExactly("i0 alive");
  }

  @Test
  void answer_nobodyTwiceInARow_isDead() {
    rounds.look(members(0, 1));
    question("i0").completeExceptionally(new IllegalStateException("refused"));
    time.advance(LimboRounds.SOON);
    answer("i0", "");
    assertThat(verdicts).containsExactly("i0 dead: nobody answers");
  }

  @Test
  void answer_thatNeverComes_isNobodyAndCountsNoMoreAfterwards() {
    rounds.look(members(0, 1));
    CompletableFuture<Optional<String>> first = question("i0");
    time.advance(LimboRounds.PATIENCE);
    time.advance(LimboRounds.SOON);
    first.complete(Optional.of("i0"));
    assertThat(verdicts).isEmpty();
    time.advance(LimboRounds.PATIENCE);
    assertThat(verdicts).containsExactly("i0 dead: nobody answers");
  }

  @Test
  void probe_thatThrows_isNobody() {
    rounds.look(members(13, 14));
    time.advance(LimboRounds.PATIENCE);
    time.advance(LimboRounds.SOON);
    time.advance(LimboRounds.PATIENCE);
    assertThat(verdicts).containsExactly("i13 dead: nobody answers");
  }

  @Test
  void pause_answersThatComeMeanwhile_doNotCount() {
    rounds.look(members(0, 2));
    rounds.pause();
    answer("i0", "i7");
    time.advance(LimboRounds.AGAIN);
    assertThat(verdicts).isEmpty();
    assertThat(asked).containsOnlyKeys("i1");
    asked.clear();
    rounds.look(members(0, 2));
    assertThat(asked).containsOnlyKeys("i0", "i1");
  }

  @Test
  void look_somebodyIsInLimboNoMore_hisAnswerIsIgnored() {
    rounds.look(members(0, 2));
    rounds.look(members(1, 2));
    answer("i0", "i7");
    assertThat(verdicts).isEmpty();
  }

  private void answer(String id, String said) {
    question(id).complete(said.isEmpty() ? Optional.empty() : Optional.of(said));
  }

  private CompletableFuture<Optional<String>> question(String id) {
    return Objects.requireNonNull(asked.remove(id));
  }

  private static List<Member> members(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> ServiceInstance.at("s", "h" + i, 80).withId("i" + i))
        .map(each ->
            new KnownNodes.Live(new NodeRef("", new NodeName(each.id(), 1).toString()), 0, each))
        .map(node -> new Member(node, 1, new CallStats(0, 0), false))
        .toList();
  }
}
