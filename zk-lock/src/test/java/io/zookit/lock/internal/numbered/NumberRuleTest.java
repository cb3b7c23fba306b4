package io.zookit.lock.internal.numbered;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.lock.NumberedLeases;
import io.zookit.lock.internal.rule.GrantDecision;
import io.zookit.lock.internal.rule.GrantRule;
import io.zookit.lock.internal.store.QueueEntry;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NumberRuleTest {

  private static final QueueEntry CLAIM_0 = claim(0, 1);
  private static final QueueEntry CLAIM_2 = claim(2, 2);
  private static final QueueEntry LATE_CLAIM_2 = claim(2, 5);
  private static final QueueEntry WAITS_OF_3 = waits(3, 3);
  private static final QueueEntry WAITS_AGAIN = waits(3, 4);

  @Test
  void name_ofANumber_isReadBack() {
    for (int number : new int[] {0, 1, 35, 36, NumberedLeases.MOST_NUMBERS - 1}) {
      QueueEntry entry = claim(number, 7);
      assertThat(QueueEntry.parse(entry.node())).contains(entry);
      assertThat(entry.number()).isEqualTo(number);
    }
  }

  @Test
  void claim_otherNumbersAndWaitingRequestsAhead_isGranted() {
    NumberRule rule = new NumberRule();
    List<QueueEntry> queue = List.of(CLAIM_0, WAITS_OF_3, claim(1, 6), claim(2, 7));
    assertThat(rule.decide(claim(1, 6), queue)).isEqualTo(GrantDecision.OVER);
    assertThat(rule.isTaken()).isFalse();
  }

  @Test
  void claim_sameNumberAhead_isRefusedUntilThatOneHasGone() {
    NumberRule rule = new NumberRule();
    assertThat(rule.decide(LATE_CLAIM_2, List.of(CLAIM_0, CLAIM_2, LATE_CLAIM_2)))
        .isEqualTo(new GrantDecision.Never("number 2 is taken"));
    assertThat(rule.isTaken()).isTrue();
    assertThat(rule.decide(LATE_CLAIM_2, List.of(CLAIM_0, LATE_CLAIM_2)))
        .isEqualTo(GrantDecision.OVER);
    assertThat(rule.isTaken()).isFalse();
  }

  @Test
  void claim_sameNumberBehind_isGranted() {
    assertThat(new NumberRule().decide(CLAIM_2, List.of(CLAIM_0, CLAIM_2, LATE_CLAIM_2)))
        .isEqualTo(GrantDecision.OVER);
  }

  /** To wait for the unknown one alone would grant the number without another look when that one goes. */
  @Test
  void claim_unknownModeAndSameNumberAhead_isRefused() {
    QueueEntry unknown = entry('z', 1, 1);
    assertThat(new NumberRule().decide(LATE_CLAIM_2, List.of(unknown, CLAIM_2, LATE_CLAIM_2)))
        .isEqualTo(new GrantDecision.Never("number 2 is taken"));
    assertThat(new NumberRule().decide(LATE_CLAIM_2, List.of(unknown, LATE_CLAIM_2)))
        .isEqualTo(new GrantDecision.ForNoticeOf(unknown));
  }

  @Test
  void claim_lockOrSemaphoreAhead_isNeverGrantedAndTheOtherWayRound() {
    for (QueueEntry other : List.of(entry('x', 1, 0), entry('r', 1, 0), entry('p', 2, 0))) {
      assertThat(new NumberRule().decide(CLAIM_0, List.of(other, CLAIM_0)))
          .isEqualTo(new GrantDecision.Never("a lock or semaphore of the same name is in use"));
      assertThat(new AnyNumberRule(3).decide(WAITS_OF_3, List.of(other, WAITS_OF_3)))
          .isEqualTo(new GrantDecision.Never("a lock or semaphore of the same name is in use"));
    }
    QueueEntry writer = entry('x', 1, 9);
    assertThat(GrantRule.EXCLUSIVE.decide(writer, List.of(CLAIM_0, writer)))
        .isEqualTo(new GrantDecision.Never("numbered leases of the same name are in use"));
  }

  @Test
  void anyNumber_firstThatWaits_isServedWhenANumberIsFree() {
    AnyNumberRule rule = new AnyNumberRule(3);
    List<QueueEntry> full = List.of(CLAIM_0, CLAIM_2, WAITS_OF_3, WAITS_AGAIN, claim(1, 5));
    assertThat(rule.decide(WAITS_OF_3, full)).isEqualTo(new GrantDecision.ForAnyChange(3));
    assertThat(rule.decide(WAITS_OF_3, full.subList(0, 4))).isEqualTo(GrantDecision.OVER);
  }

  @Test
  void anyNumber_anotherWaitsAhead_watchesThatOneEvenIfANumberIsFree() {
    List<QueueEntry> queue = List.of(CLAIM_0, WAITS_OF_3, WAITS_AGAIN);
    assertThat(new AnyNumberRule(3).decide(WAITS_AGAIN, queue))
        .isEqualTo(new GrantDecision.ForNoticeOf(WAITS_OF_3));
  }

  /** The numbers were raised: a client that knows the old ones must not hold up those that know the new ones. */
  @Test
  void anyNumber_clientsKnowDifferentCounts_theOneWithMoreGoesOnAndTheOtherFails() {
    QueueEntry more = waits(5, 4);
    List<QueueEntry> queue = List.of(claim(0, 1), claim(1, 2), waits(2, 3), more);
    assertThat(new AnyNumberRule(5).decide(more, queue)).isEqualTo(GrantDecision.OVER);
    assertThat(new AnyNumberRule(2).decide(waits(2, 3), queue))
        .isEqualTo(
            new GrantDecision.Never("there are more numbers by now than the 2 of this client"));
    assertThat(new AnyNumberRule(2).decide(waits(2, 3), List.of(claim(4, 1), waits(2, 3))))
        .isInstanceOf(GrantDecision.Never.class);
  }

  @Test
  void anyFree_ofRandomQueues_isFreeAndEveryFreeOneIsChosen() {
    long seed = Long.getLong("zookit.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      int count = 1 + random.nextInt(40);
      BitSet taken = new BitSet();
      List<QueueEntry> queue = new ArrayList<>();
      for (int number = 0; number < count; number++) {
        if (random.nextBoolean() && taken.cardinality() < count - 1) {
          taken.set(number);
          queue.add(claim(number, number));
        }
      }
      NumberedQueue seen = NumberedQueue.of(queue, count);
      assertThat(seen.takenCount()).as("seed=%d", seed).isEqualTo(taken.cardinality());
      TreeSet<Integer> chosen = new TreeSet<>();
      int free = count - taken.cardinality();
      for (int draw = 0; draw < 60 * free; draw++) { // each is missed in one of e^60 cases
        chosen.add(seen.anyFree(random));
      }
      assertThat(chosen).as("seed=%d", seed).hasSize(free).noneMatch(taken::get);
      assertThat(chosen.last()).isLessThan(count);
    }
  }

  @Test
  void queue_numbersAboveTheCount_areNotCounted() {
    NumberedQueue seen = NumberedQueue.of(List.of(claim(7, 1), waits(1, 2)), 2);
    assertThat(seen.takenCount()).isZero();
    assertThat(seen.hasWaiters()).isFalse();
    assertThat(NumberedQueue.of(List.of(claim(0, 1), claim(1, 2)), 2).hasFree()).isFalse();
  }

  private static QueueEntry claim(int number, int sequence) {
    return entry(QueueEntry.NUMBERED, number + 1, sequence);
  }

  private static QueueEntry waits(int count, int sequence) {
    return entry(QueueEntry.ANY_NUMBER, count, sequence);
  }

  private static QueueEntry entry(char mode, int weight, int sequence) {
    String weighed = weight == 1 ? "" : "_" + Integer.toString(weight, Character.MAX_RADIX);
    return new QueueEntry(
        String.format("%ca%s-%010d", mode, weighed, sequence), mode, weight, sequence);
  }
}
