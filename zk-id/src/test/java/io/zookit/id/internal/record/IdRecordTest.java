package io.zookit.id.internal.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class IdRecordTest {

  private static final IdRecord OPEN = IdRecord.numbers(IdRecord.SEGMENTS, 101, 10, 1);

  @Test
  void lastNumber_firstStep_isTheEndOfTheFirstSegment() {
    assertThat(OPEN.lastNumber(1)).isEqualTo(110);
    assertThat(OPEN.lastNumber(0)).isEqualTo(100);
  }

  @Test
  void lastNumber_above63Bits_isRefused() {
    IdRecord high = IdRecord.numbers(IdRecord.SEGMENTS, Long.MAX_VALUE - 15, 10, 1);
    assertThat(high.lastNumber(1)).isEqualTo(Long.MAX_VALUE - 6);
    assertThatThrownBy(() -> high.lastNumber(2)).isInstanceOf(ArithmeticException.class);
  }

  @Test
  void toFinished_numbersBeyondTheRaise_areNotAllocatedAgain() {
    IdRecord next = OPEN.toSealed(50L, 7L, 2).toFinished(140);
    assertThat(next.base()).isEqualTo(140);
    assertThat(next.stepOrOne()).isEqualTo(7);
    assertThat(next.generation()).isEqualTo(2);
    assertThat(next.incarnation()).isEqualTo(2);
    assertThat(next.state()).isEqualTo(RecordState.OPEN);
    assertThat(next.atLeast()).isNull();
  }

  @Test
  void toFinished_raiseBeyondTheNumbers_beginsThere() {
    IdRecord next = OPEN.toSealed(5_000L, null, 1).toFinished(140);
    assertThat(next.lastNumber(1)).isEqualTo(5_009);
    assertThat(next.stepOrOne()).isEqualTo(10);
  }

  @Test
  void toSealed_ofABlockedName_keepsWhatTheBlockDemands() {
    IdRecord blocked = OPEN.toBlocked("restored", 9, 900);
    assertThat(blocked.toSealed(5L, null, 1).toFinished(140).base()).isEqualTo(899);
    assertThat(blocked.toSealed(5L, null, 1).toFinished(140).generation()).isEqualTo(10);
    assertThat(blocked.toSealed(1_000L, null, 1).toFinished(140).base()).isEqualTo(999);
  }

  @Test
  void toBlocked_longReason_isCut() {
    assertThat(OPEN.toBlocked("x".repeat(10_000), 1, 1).reason()).hasSize(500);
  }
}
