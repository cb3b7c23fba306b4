package io.zookit.id.internal.snowflake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlotTicksTest {

  private static final long ANY = Long.MAX_VALUE;

  private static long position(long tick, long number) {
    return tick << 2 | number;
  }

  @Test
  void next_noWindow_isExhausted() {
    assertThat(new SlotTicks(0, 2, 100).next(100, ANY)).isEqualTo(SlotTicks.EXHAUSTED);
  }

  @Test
  void next_clockInTheWindow_followsTheClock() {
    SlotTicks ticks = new SlotTicks(0, 2, 100);
    ticks.extend(100, 110);
    assertThat(ticks.next(50, ANY)).isEqualTo(position(101, 0));
    assertThat(ticks.next(50, ANY)).isEqualTo(position(101, 1));
    assertThat(ticks.next(105, ANY)).isEqualTo(position(105, 0));
    assertThat(ticks.next(104, ANY)).isEqualTo(position(105, 1));
  }

  @Test
  void next_tickIsFull_takesTheNextUntilTheWindowEnds() {
    SlotTicks ticks = new SlotTicks(0, 2, 100);
    ticks.extend(100, 102);
    for (int i = 0; i < 8; i++) {
      assertThat(ticks.next(0, ANY)).isEqualTo(position(101 + i / 4, i % 4));
    }
    assertThat(ticks.next(0, ANY)).isEqualTo(SlotTicks.EXHAUSTED);
    assertThat(ticks.lastTick()).isEqualTo(102);
  }

  @Test
  void next_clockBehindTheWindow_usesUpTicksByDemand() {
    SlotTicks ticks = new SlotTicks(0, 2, 100);
    ticks.extend(100, 110);
    assertThat(ticks.next(500, ANY)).isEqualTo(position(101, 0));
  }

  @Test
  void next_beyondTheLimit_isTooFast() {
    SlotTicks ticks = new SlotTicks(0, 2, 100);
    ticks.extend(100, 110);
    assertThat(ticks.next(0, 100)).isEqualTo(SlotTicks.TOO_FAST);
    assertThat(ticks.next(0, 101)).isEqualTo(position(101, 0));
  }

  @Test
  void extend_behindAGap_skipsTheTicksOfOthers() {
    SlotTicks ticks = new SlotTicks(0, 2, 100);
    ticks.extend(100, 110);
    ticks.next(101, ANY);
    ticks.extend(500, 510);
    assertThat(ticks.next(0, ANY)).isEqualTo(position(501, 0));
  }

  @Test
  void release_thenNext_handsOutNothing() {
    SlotTicks ticks = new SlotTicks(0, 2, 100);
    ticks.extend(100, 110);
    ticks.next(103, ANY);
    assertThat(ticks.release()).isEqualTo(103);
    assertThat(ticks.next(104, ANY)).isEqualTo(SlotTicks.RELEASED);
    assertThat(ticks.release()).isEqualTo(110);
  }
}
