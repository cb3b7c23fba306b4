package io.zookit.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class IdLayoutTest {

  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

  @Test
  void id_ofItsParts_isTakenApartAgain() {
    IdLayout layout = IdLayout.of(41, 10, 12);
    long id = layout.id(123_456_789, 1023, 4095);
    assertThat(layout.tickOf(id)).isEqualTo(123_456_789);
    assertThat(layout.slotOf(id)).isEqualTo(1023);
    assertThat(layout.numberOf(id)).isEqualTo(4095);
    assertThat(layout.timeOf(id))
        .isEqualTo(Instant.parse("2026-01-01T00:00:00Z").plusMillis(123_456_789));
    assertThat(layout.id(layout.lastTick(), 1023, 4095)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void of_badBits_areRefused() {
    assertThatThrownBy(() -> IdLayout.of(42, 10, 12))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bits: 42 + 10 + 12 (expected: at most 63 together)");
    assertThatThrownBy(() -> IdLayout.of(41, 0, 12)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> IdLayout.of(30, 15, 12)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> IdLayout.of(41, 10, 12).tick(Duration.ofNanos(1_500_000)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void requireLasting_endsWithinAYear_isRefused() {
    IdLayout.of(41, 10, 12).requireLasting(NOW);
    IdLayout.of(32, 10, 12).tick(Duration.ofSeconds(1)).requireLasting(NOW);
    assertThatThrownBy(() -> IdLayout.of(34, 10, 12).requireLasting(NOW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("end within a year");
    assertThatThrownBy(() -> IdLayout.of(41, 10, 12).since(NOW.plusSeconds(1)).requireLasting(NOW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not after");
  }

  @Test
  void equals_sameSettings_areEqual() {
    assertThat(IdLayout.of(41, 10, 12))
        .isEqualTo(IdLayout.of(41, 10, 12).tick(Duration.ofMillis(1)));
    assertThat(IdLayout.of(41, 10, 12)).isNotEqualTo(IdLayout.of(41, 9, 12));
    assertThat(IdLayout.of(41, 10, 12)).hasSameHashCodeAs(IdLayout.of(41, 10, 12));
  }
}
