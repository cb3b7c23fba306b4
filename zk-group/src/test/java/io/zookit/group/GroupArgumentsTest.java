package io.zookit.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GroupArgumentsTest {

  private static void assertRefused(Runnable call, String message) {
    assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  @Test
  void partitions_countOutOfRange_isRefused() {
    assertRefused(() -> Partitions.of(0), "partitions: 0 (expected: 1 to 16384)");
    assertRefused(() -> Partitions.of(16_385), "partitions: 16385 (expected: 1 to 16384)");
    assertThat(Partitions.of(16_384).count()).isEqualTo(16_384);
  }

  @Test
  void member_valuesOutOfRange_areRefused() {
    assertRefused(() -> Member.id("n1").weight(0), "weight: 0 (expected: 1 to 1000)");
    assertRefused(() -> Member.id("n1").weight(1_001), "weight: 1001 (expected: 1 to 1000)");
    assertRefused(
        () -> Member.id("n1").keepFor(Duration.ofDays(2)),
        "keepFor: PT48H (expected: zero to PT24H)");
    assertThatThrownBy(() -> Member.id("n1@x")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Member.id("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Member.id("n1").zone("a/b"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void handover_timeOutOfRange_isRefused() {
    assertRefused(
        () -> Handover.drain(Duration.ofSeconds(-1)), "drain: PT-1S (expected: zero to a day)");
    assertRefused(
        () -> Handover.drain(Duration.ofDays(2)), "drain: PT48H (expected: zero to a day)");
  }

  @Test
  void view_groupWithoutPartitions_hasNoOwners() {
    GroupView view = new GroupView(0, List.of(), Map.of(), 0);
    assertThat(view.ownerOf("key")).isEmpty();
    assertThat(view.ownerOf(3)).isEmpty();
  }
}
