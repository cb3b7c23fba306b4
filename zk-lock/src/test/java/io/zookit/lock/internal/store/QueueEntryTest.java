package io.zookit.lock.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QueueEntryTest {

  @Test
  void parse_nameOfOurs_hasModeAndSequence() {
    assertThat(QueueEntry.parse("xk3f0a1z-0000000042"))
        .contains(new QueueEntry("xk3f0a1z-0000000042", 'x', 1, 42));
  }

  @Test
  void parse_negativeSequence_isReadAndIsNotOrdered() {
    QueueEntry wrapped = QueueEntry.parse("xk3f0a1--2147483648").orElseThrow();
    assertThat(wrapped.sequence()).isEqualTo(Integer.MIN_VALUE);
    assertThat(wrapped.isOrdered()).isFalse();
    assertThat(wrapped.isNearExhaustion()).isTrue();
  }

  @Test
  void parse_foreignNames_areIgnored() {
    for (String foreign : List.of(
        "",
        "-",
        "x",
        "README",
        "x-0000000001",
        "X1-0000000001",
        "xab-000000001",
        "xab-00000000001a",
        "x_b-0000000001",
        "_c_4f1d0c6e-7c66-4f7b-8f0a-4c8f1b1c2d3e-lock-0000000001",
        "1ab-0000000001",
        "xab-000000000a")) {
      assertThat(QueueEntry.parse(foreign)).as(foreign).isEmpty();
    }
  }

  @Test
  void isOrdered_nearTheGreatestInt_isRefusedBeforeNumbersStick() {
    assertThat(entry(QueueEntry.SEQUENCE_LIMIT - 1).isOrdered()).isTrue();
    assertThat(entry(QueueEntry.SEQUENCE_LIMIT).isOrdered()).isFalse();
    assertThat(entry(Integer.MAX_VALUE).isOrdered()).isFalse();
  }

  @Test
  void inOrder_shuffledNames_areSortedBySequenceAndForeignOnesLeftOut() {
    long seed = Long.getLong("zookit.seed", 20261121);
    Random random = new Random(seed);
    List<String> names = new ArrayList<>(List.of("README", "_lock-0000000001"));
    for (int i = 0; i < 500; i++) {
      names.add("x" + Integer.toString(random.nextInt(Integer.MAX_VALUE), 36)
          + String.format("-%010d", i * 7));
    }
    Collections.shuffle(names, random);
    assertThat(QueueEntry.inOrder(names))
        .as("zookit.seed=%d", seed)
        .hasSize(500)
        .isSortedAccordingTo((a, b) -> Integer.compare(a.sequence(), b.sequence()));
  }

  @Test
  void parse_weight_isReadInBase36() {
    assertThat(QueueEntry.parse("pab1_2s-0000000007"))
        .contains(new QueueEntry("pab1_2s-0000000007", 'p', 100, 7));
    for (String malformed : List.of(
        "pab1_-0000000007", "p_2-0000000007", "pab_2_3-0000000007", "pab_1234567-0000000007")) {
      assertThat(QueueEntry.parse(malformed)).as(malformed).isEmpty();
    }
  }

  private static QueueEntry entry(int sequence) {
    return new QueueEntry(String.format("xa-%010d", sequence), QueueEntry.EXCLUSIVE, 1, sequence);
  }
}
