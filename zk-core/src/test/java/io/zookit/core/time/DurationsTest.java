package io.zookit.core.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "5ns, PT0.000000005S",
    "7us, PT0.000007S",
    "250ms, PT0.25S",
    "10s, PT10S",
    "2m, PT2M",
    "3h, PT3H",
    "7d, PT168H",
    "0s, PT0S",
    "-1s, PT-1S",
    "10 s, PT10S",
    "' 10s ', PT10S",
    "10S, PT10S",
    "250MS, PT0.25S",
    "999999999999d, PT23999999999976H",
    "PT5S, PT5S",
    "pt1m30s, PT1M30S",
    "P1D, PT24H"
  })
  void parse_eitherForm_isThatDuration(String text, Duration expected) {
    assertThat(Durations.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "10",
        "s",
        "1.5s",
        "10 min",
        "10  s",
        "+1s",
        "1s 2ms",
        "1w",
        "P1M",
        "PT",
        "１０s",
        "1234567890123s",
        "PT99999999999999999999S",
        "ten seconds"
      })
  void parse_neitherForm_isRefused(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("duration: not readable (expected: ");
  }
}
