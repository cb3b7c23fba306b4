package io.zookit.scheduler.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.testkit.ManualTimekeeper;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whose time counts. */
class ClusterClockTest {

  private static final long DAY = 86_400_000;

  private final ManualTimekeeper time = new ManualTimekeeper();
  private final ClusterClock clock = new ClusterClock(time);

  private long wall() {
    return time.now().toEpochMilli();
  }

  private ClusterClock.Sample sample(long stamp, Duration tookAgo) {
    return clock.sample(stamp, time.nanos() - tookAgo.toNanos());
  }

  private void learn() {
    assertThat(sample(wall(), Duration.ofMillis(2))).isEqualTo(ClusterClock.Sample.STEP);
    assertThat(clock.vote(wall(), List.of(wall(), wall() + 400, wall() - 400), List.of()))
        .isTrue();
  }

  @Test
  void sample_severalWrites_goesByTheGreatestLowerBoundAndIsNeverEarly() {
    learn();
    long leader = wall() + 1_000;
    assertThat(sample(leader, Duration.ofMillis(900))).isEqualTo(ClusterClock.Sample.TAKEN);
    assertThat(clock.now()).isEqualTo(leader);
    time.advance(Duration.ofMillis(500));
    assertThat(sample(leader + 300, Duration.ofMillis(300))).isEqualTo(ClusterClock.Sample.TAKEN);
    assertThat(clock.now()).isEqualTo(leader + 500);
  }

  @Test
  void step_withoutAMajorityOfWallClocks_isNotBelieved() {
    learn();
    long wrong = wall() + DAY;
    assertThat(sample(wrong, Duration.ofMillis(2))).isEqualTo(ClusterClock.Sample.STEP);
    assertThat(clock.vote(wrong, List.of(wall(), wall(), wrong), List.of(wall(), wall())))
        .isFalse();
    assertThat(clock.isDoubted()).isTrue();
    assertThat(clock.now()).isEqualTo(wall());
    assertThat(sample(wall(), Duration.ofMillis(2))).isEqualTo(ClusterClock.Sample.TAKEN);
    assertThat(clock.isDoubted()).isFalse();
  }

  @Test
  void step_withAMajorityOfWallClocks_isBelieved() {
    learn();
    long later = wall() + DAY;
    assertThat(clock.vote(later, List.of(wall(), later, later + 900), List.of(wall())))
        .isTrue();
    assertThat(clock.now()).isEqualTo(later);
    assertThat(clock.isDoubted()).isFalse();
  }

  @Test
  void firstSight_aloneWithALeaderADayAhead_takesTheEarlier() {
    assertThat(clock.vote(wall() + DAY, List.of(wall()), List.of())).isTrue();
    assertThat(clock.now()).isEqualTo(wall());
    assertThat(clock.isDoubted()).isTrue();
  }

  @Test
  void firstSight_aloneWithALeaderADayBehind_takesTheEarlier() {
    assertThat(clock.vote(wall() - DAY, List.of(wall()), List.of())).isTrue();
    assertThat(clock.now()).isEqualTo(wall() - DAY);
    assertThat(clock.isDoubted()).isFalse();
  }

  @Test
  void firstSight_othersWhoKnowTheTime_outweighLeaderAndWalls() {
    long theirs = wall() + 2 * DAY;
    assertThat(clock.vote(wall() + DAY, List.of(wall(), wall() - DAY), List.of(theirs)))
        .isTrue();
    assertThat(clock.now()).isEqualTo(theirs);
  }

  @Test
  void firstSight_everyWallDiffers_takesTheMiddleOfAllWitnesses() {
    long leader = wall();
    assertThat(clock.vote(leader, List.of(wall() - DAY, wall() + DAY), List.of()))
        .isTrue();
    assertThat(clock.now()).isEqualTo(leader);
    assertThat(clock.isDoubted()).isFalse();
  }
}
