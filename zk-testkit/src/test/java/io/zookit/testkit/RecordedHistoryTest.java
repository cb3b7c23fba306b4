package io.zookit.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.FencingToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecordedHistoryTest {

  private static final String LOCK = "stock/sku-42";

  private final ManualTimekeeper time = new ManualTimekeeper();
  private final RecordedHistory history = new RecordedHistory(time);

  @Test
  void mutualExclusion_oneAfterTheOther_holds() {
    hold("a", 1);
    hold("b", 2);
    hold("a", 3);
    Verdict verdict = history.mutualExclusion(LOCK);
    assertThat(verdict.violations()).isEmpty();
    assertThat(verdict.holds()).isTrue();
    assertThat(verdict.trials()).isEqualTo(3);
    assertThat(verdict.bound()).hasValue(1.0);
    assertThat(verdict)
        .hasToString("mutual exclusion of stock/sku-42: 0 violations in 3 trials, 0 unknown, "
            + "rate at most 1.0 (95 %)");
  }

  @Test
  void mutualExclusion_overlap_isReportedWithItsExcerpt() {
    hold("x", 1);
    at(1, () -> history.granted("a", LOCK, token(2)));
    at(2, () -> history.granted("b", LOCK, token(3)));
    at(3, () -> history.releasing("a", LOCK, token(2)));
    at(4, () -> history.releasing("b", LOCK, token(3)));
    Verdict verdict = history.mutualExclusion(LOCK);
    assertThat(verdict.holds()).isFalse();
    assertThat(verdict.bound()).isEmpty();
    assertThat(verdict.violationCount()).isEqualTo(1);
    assertThat(verdict.violations().get(0))
        .startsWith("held by a and by b at once")
        .containsPattern("> +\\+\\d+\\.\\d{6} s +a +GRANTED +stock/sku-42 +token 0+1-0+2-0+")
        .containsPattern("> .* b +GRANTED")
        .containsPattern("\n {4}.* x +RELEASING");
  }

  @Test
  void mutualExclusion_overlapWithAnEarlierLongerHold_isReported() {
    at(0, () -> history.granted("long", LOCK, token(1)));
    at(1, () -> history.granted("short", LOCK, token(2)));
    at(2, () -> history.releasing("short", LOCK, token(2)));
    at(3, () -> history.granted("c", LOCK, token(3)));
    assertThat(history.mutualExclusion(LOCK).violationCount()).isEqualTo(2);
  }

  @Test
  void mutualExclusion_heldAtTheEnd_overlapsWithEverythingAfter() {
    at(0, () -> history.granted("a", LOCK, token(1)));
    assertThat(history.mutualExclusion(LOCK).unknowns()).isEqualTo(1);
    assertThat(history.mutualExclusion(LOCK).holds()).isTrue();
    at(1, () -> history.granted("b", LOCK, token(2)));
    assertThat(history.mutualExclusion(LOCK).holds()).isFalse();
  }

  @Test
  void mutualExclusion_lostToldOrDeadline_endsTheHold() {
    at(0, () -> history.granted("told", LOCK, token(1)));
    at(1, () -> history.lost("told", LOCK, token(1)));
    at(1, () -> history.granted("late", LOCK, token(2)));
    long deadline = time.nanos() + Duration.ofSeconds(1).toNanos();
    at(2, () -> history.granted("b", LOCK, token(3)));
    at(1, () -> history.lost("late", LOCK, token(2), deadline));
    at(1, () -> history.releasing("late", LOCK, token(2)));
    assertThat(history.mutualExclusion(LOCK).violations()).isEmpty();
  }

  @Test
  void mutualExclusion_lostBeforeItWasReceived_isNoHold() {
    long deadline = time.nanos();
    at(1, () -> history.granted("b", LOCK, token(2)));
    at(1, () -> history.granted("a", LOCK, token(1)));
    at(1, () -> history.lost("a", LOCK, token(1), deadline));
    assertThat(history.mutualExclusion(LOCK).violations()).isEmpty();
  }

  @Test
  void mutualExclusion_clientEnded_endsAllItsHolds() {
    at(0, () -> history.granted("a", LOCK, token(1)));
    at(1, () -> history.ended("a"));
    at(1, () -> history.granted("b", LOCK, token(2)));
    at(1, () -> history.releasing("b", LOCK, token(2)));
    at(1, () -> history.granted("a", LOCK, token(3)));
    assertThat(history.mutualExclusion(LOCK).violations()).isEmpty();
    at(1, () -> history.granted("b", LOCK, token(4)));
    assertThat(history.mutualExclusion(LOCK).violationCount()).isEqualTo(1);
  }

  @Test
  void mutualExclusion_otherLock_doesNotMatter() {
    at(0, () -> history.granted("a", "other", token(1)));
    hold("b", 2);
    assertThat(history.mutualExclusion(LOCK).holds()).isTrue();
    assertThat(history.mutualExclusion("none").holds()).isFalse();
  }

  @Test
  void tokenOrder_rising_holds() {
    hold("a", 1);
    hold("b", 5);
    hold("a", 9);
    assertThat(history.tokenOrder(LOCK).holds()).isTrue();
  }

  @Test
  void tokenOrder_backwardOrTwice_isReported() {
    hold("a", 5);
    hold("b", 4);
    hold("c", 5);
    Verdict verdict = history.tokenOrder(LOCK);
    assertThat(verdict.violationCount()).isEqualTo(2);
    assertThat(verdict.violations().get(0)).contains("was granted after " + token(5));
    assertThat(verdict.violations().get(1)).contains("was granted twice");
  }

  @Test
  void tokenOrder_receivedLateButAskedEarly_isNoViolation() {
    at(0, () -> history.invoked("slow", LOCK));
    at(1, () -> history.invoked("fast", LOCK));
    at(1, () -> history.granted("fast", LOCK, token(2)));
    at(1, () -> history.granted("slow", LOCK, token(1)));
    assertThat(history.tokenOrder(LOCK).violations()).isEmpty();
    at(1, () -> history.invoked("next", LOCK));
    at(1, () -> history.granted("next", LOCK, token(1)));
    assertThat(history.tokenOrder(LOCK).violationCount()).isEqualTo(1);
  }

  @Test
  void fencedCounter_rightOne_holdsUnderUnknownOutcomes() {
    increment("a", 1, 1);
    at(1, () -> history.invoked("b", LOCK));
    at(1, () -> history.unknown("b", LOCK));
    at(1, () -> history.invoked("b", LOCK));
    at(1, () -> history.failed("b", LOCK));
    increment("a", 2, 3);
    at(1, () -> history.invoked("c", LOCK));
    for (long last : new long[] {3, 4}) {
      Verdict verdict = history.fencedCounter(LOCK, last);
      assertThat(verdict.violations()).isEmpty();
      assertThat(verdict.trials()).isEqualTo(5);
      assertThat(verdict.unknowns()).isEqualTo(2);
    }
  }

  @Test
  void fencedCounter_acknowledgedIncrementMissing_isLost() {
    increment("a", 1, 1);
    increment("b", 2, 2);
    assertThat(history.fencedCounter(LOCK, 1).violations())
        .anySatisfy(text ->
            assertThat(text).startsWith("lost: the counter is 1 after 2 acknowledged increments"))
        .anySatisfy(text -> assertThat(text).startsWith("lost: the counter was 2 and is 1"));
  }

  @Test
  void fencedCounter_twoGaveTheSame_isLost() {
    increment("a", 1, 1);
    at(1, () -> history.invoked("a", LOCK));
    at(1, () -> history.invoked("b", LOCK));
    at(1, () -> history.acknowledged("a", LOCK, token(1), 2));
    at(1, () -> history.acknowledged("b", LOCK, token(2), 2));
    at(1, () -> history.invoked("c", LOCK));
    at(1, () -> history.unknown("c", LOCK));
    assertThat(history.fencedCounter(LOCK, 3).violations())
        .singleElement()
        .satisfies(text -> assertThat(text).startsWith("lost: two increments gave 2"));
  }

  @Test
  void fencedCounter_wentBackInTime_isLost() {
    increment("a", 1, 3);
    increment("b", 2, 2);
    at(1, () -> history.invoked("c", LOCK));
    assertThat(history.fencedCounter(LOCK, 3).violations())
        .anySatisfy(text ->
            assertThat(text).startsWith("lost: the counter was 3 before an increment that gave 2"));
  }

  @Test
  void fencedCounter_tooMuch_isDuplicate() {
    increment("a", 1, 1);
    at(1, () -> history.invoked("b", LOCK));
    at(1, () -> history.failed("b", LOCK));
    assertThat(history.fencedCounter(LOCK, 2).violations())
        .singleElement()
        .satisfies(text -> assertThat(text)
            .startsWith("duplicate: the counter is 2 after 1 acknowledged and 0 unknown"));
  }

  @Test
  void fencedCounter_oldTokenAccepted_isBackward() {
    increment("a", 7, 1);
    increment("b", 6, 2);
    assertThat(history.fencedCounter(LOCK, 2).violations())
        .singleElement()
        .satisfies(text -> assertThat(text).startsWith("backward: token " + token(6)));
  }

  @Test
  void fencedCounter_simulated_rightOneHoldsAndUnfencedOneLoses() {
    long seed = new Random().nextLong();
    Simulation right = new Simulation(seed, true);
    assertThat(right.history.fencedCounter(LOCK, right.value).violations())
        .as("seed %d", seed)
        .isEmpty();
    Simulation unfenced = new Simulation(seed, false);
    assertThat(unfenced.history.fencedCounter(LOCK, unfenced.value).violationCount())
        .as("seed %d", seed)
        .isPositive();
  }

  @Test
  void lines_addedToAnother_giveTheSameVerdicts() {
    hold("a", 5);
    hold("b", 4);
    increment("a b", 1, 1);
    at(1, () -> history.ended("a"));
    RecordedHistory other = new RecordedHistory();
    assertThat(other.add("something else")).isFalse();
    List<String> lines = new ArrayList<>(history.lines());
    Collections.reverse(lines);
    lines.forEach(line -> assertThat(other.add(line)).isTrue());
    assertThat(other.lines()).isEqualTo(history.lines());
    assertThat(other.tokenOrder(LOCK)).isEqualTo(history.tokenOrder(LOCK));
    assertThat(other.tokenOrder(LOCK).holds()).isFalse();
  }

  @Test
  void record_withListener_givesOutLinesInOrder() {
    List<String> lines = new ArrayList<>();
    RecordedHistory printing = new RecordedHistory(lines::add);
    printing.invoked("a", LOCK);
    printing.granted("a", LOCK, token(1));
    assertThat(lines).isEqualTo(printing.lines()).hasSize(2);
  }

  @Test
  void record_controlCharacterInAName_isRefused() {
    assertThatThrownBy(() -> history.invoked("a\tb", LOCK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("client: \"a?b\" (expected: no control character)");
  }

  @Test
  void verdict_veryManyViolations_showsTheFirst() {
    for (int i = 0; i < 100; i++) {
      hold("a", 1);
    }
    Verdict verdict = history.tokenOrder(LOCK);
    assertThat(verdict.violationCount()).isEqualTo(99);
    assertThat(verdict.violations()).hasSize(20);
    assertThat(verdict.toString()).endsWith("and 79 more");
  }

  private void hold(String client, long zxid) {
    at(1, () -> history.invoked(client, LOCK));
    at(1, () -> history.granted(client, LOCK, token(zxid)));
    at(1, () -> history.releasing(client, LOCK, token(zxid)));
  }

  private void increment(String client, long zxid, long value) {
    at(1, () -> history.invoked(client, LOCK));
    at(1, () -> history.acknowledged(client, LOCK, token(zxid), value));
  }

  private void at(long secondsLater, Runnable event) {
    time.advance(Duration.ofSeconds(secondsLater));
    event.run();
  }

  private static FencingToken token(long zxid) {
    return new FencingToken(1, zxid, 0);
  }

  /** Holders that are paused between reading and writing a counter which may or may not refuse old tokens. */
  private static final class Simulation {

    private final ManualTimekeeper time = new ManualTimekeeper();
    private final RecordedHistory history = new RecordedHistory(time);
    private final Random random;
    private final boolean fenced;
    private long value;
    private long newest;

    Simulation(long seed, boolean fenced) {
      this.random = new Random(seed);
      this.fenced = fenced;
      for (long token = 1; token <= 400; token += 2) {
        round(token);
      }
    }

    /** Every other round a holder is paused after its read and goes on when the next one has finished. */
    private void round(long token) {
      invoke("slow");
      long read = value;
      newest = Math.max(newest, token);
      if (random.nextBoolean()) {
        invoke("fast");
        newest = token + 1;
        write("fast", token + 1, value);
      }
      write("slow", token, read);
    }

    private void invoke(String client) {
      time.advance(Duration.ofMillis(1));
      history.invoked(client, LOCK);
    }

    private void write(String client, long token, long read) {
      time.advance(Duration.ofMillis(1));
      if (fenced && token < newest) {
        history.failed(client, LOCK);
        return;
      }
      value = read + 1;
      if (random.nextInt(10) == 0) {
        history.unknown(client, LOCK);
      } else {
        history.acknowledged(client, LOCK, token(token), value);
      }
    }
  }
}
