package io.zookit.registry.internal.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.testkit.ManualTimekeeper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraceTimerTest {

  private final ManualTimekeeper time = new ManualTimekeeper();
  private final List<Long> ends = new ArrayList<>();
  private final GraceTimer grace = new GraceTimer(
      time, Runnable::run, () -> ends.add(Duration.ofNanos(time.nanos()).toSeconds()));

  @Test
  void shortenTo_lessThanWasLeft_endsThen() {
    grace.begin(seconds(60));
    time.advance(seconds(10));
    grace.shortenTo(seconds(5));
    time.advance(seconds(100));
    assertThat(ends).containsExactly(15L);
  }

  @Test
  void shortenTo_moreThanWasLeft_changesNothing() {
    grace.begin(seconds(60));
    for (int i = 0; i < 5; i++) {
      time.advance(seconds(10));
      grace.shortenTo(seconds(60));
      grace.begin(seconds(60));
    }
    time.advance(seconds(100));
    assertThat(ends).containsExactly(60L);
  }

  @Test
  void shortenTo_notBegun_beginsNothing() {
    grace.shortenTo(seconds(5));
    time.advance(seconds(100));
    assertThat(ends).isEmpty();
  }

  @Test
  void stop_begun_isNeverOver() {
    grace.begin(seconds(60));
    grace.stop();
    time.advance(seconds(100));
    assertThat(ends).isEmpty();
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }
}
