package io.zookit.lock.internal.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.lock.internal.store.OwnerRecord;
import io.zookit.lock.internal.store.QueueEntry;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrantRuleTest {

  private static final QueueEntry READ_1 = entry('r', 1, 1);
  private static final QueueEntry READ_2 = entry('r', 1, 2);
  private static final QueueEntry WRITE_3 = entry('x', 1, 3);
  private static final QueueEntry READ_4 = entry('r', 1, 4);
  private static final QueueEntry WRITE_5 = entry('x', 1, 5);

  @Test
  void exclusive_waitsForEverybodyAheadAndNobodyBehind() {
    List<QueueEntry> queue = List.of(READ_1, READ_2, WRITE_3, READ_4);
    assertThat(GrantRule.EXCLUSIVE.decide(READ_1, queue)).isEqualTo(GrantDecision.OVER);
    assertThat(GrantRule.EXCLUSIVE.decide(WRITE_3, queue))
        .isEqualTo(GrantDecision.ForAll.of(List.of(READ_1, READ_2)));
  }

  @Test
  void shared_waitsForWritersAheadOnly() {
    List<QueueEntry> queue = List.of(READ_1, READ_2, WRITE_3, READ_4, WRITE_5);
    assertThat(GrantRule.SHARED.decide(READ_2, queue)).isEqualTo(GrantDecision.OVER);
    assertThat(GrantRule.SHARED.decide(READ_4, queue))
        .isEqualTo(GrantDecision.ForAll.of(List.of(WRITE_3)));
  }

  @Test
  void shared_unknownModeAhead_conflicts() {
    QueueEntry unknown = entry('z', 1, 1);
    assertThat(GrantRule.SHARED.decide(READ_2, List.of(unknown, READ_2)))
        .isEqualTo(GrantDecision.ForAll.of(List.of(unknown)));
    assertThat(GrantRule.EXCLUSIVE.decide(WRITE_3, List.of(unknown, WRITE_3)))
        .isEqualTo(GrantDecision.ForAll.of(List.of(unknown)));
  }

  @Test
  void shared_permitsAhead_neverGranted() {
    assertThat(GrantRule.SHARED.decide(READ_2, List.of(entry('p', 3, 1), READ_2)))
        .isEqualTo(new GrantDecision.Never("a semaphore of the same name is in use"));
  }

  @Test
  void stillBlocks_downgradedWriter_doesNotBlockReaders() {
    OwnerRecord writer = OwnerRecord.of("host:1", 1);
    assertThat(GrantRule.SHARED.stillBlocks(WRITE_3, writer.encoded())).isTrue();
    assertThat(GrantRule.SHARED.stillBlocks(WRITE_3, writer.toDowngraded().encoded()))
        .isFalse();
    assertThat(GrantRule.EXCLUSIVE.stillBlocks(WRITE_3, writer.toDowngraded().encoded()))
        .isTrue();
    assertThat(GrantRule.SHARED.stillBlocks(WRITE_3, new byte[] {'{'})).isTrue();
  }

  private static QueueEntry entry(char mode, int weight, int sequence) {
    return new QueueEntry(String.format("%ca-%010d", mode, sequence), mode, weight, sequence);
  }
}
