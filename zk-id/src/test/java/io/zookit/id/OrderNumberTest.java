package io.zookit.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class OrderNumberTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static StampedNumber at(long number, String instant) {
    return new StampedNumber(number, Instant.parse(instant));
  }

  @Test
  void format_number_hasTheDateOfItsZone() {
    OrderNumber numbers = OrderNumber.dated(BERLIN).digits(8);
    assertThat(numbers.format(at(4711, "2026-11-30T22:59:59Z"))).isEqualTo("2026113000004711");
    assertThat(numbers.format(at(4712, "2026-11-30T23:00:00Z"))).isEqualTo("2026120100004712");
  }

  @Test
  void format_leadersClockGoesBackOverMidnight_keepsTheDate() {
    OrderNumber numbers = OrderNumber.dated(BERLIN).digits(4);
    assertThat(numbers.format(at(1, "2026-12-01T00:00:00Z"))).isEqualTo("202612010001");
    assertThat(numbers.format(at(2, "2026-11-30T12:00:00Z"))).isEqualTo("202612010002");
    assertThat(numbers.format(at(3, "2026-12-02T12:00:00Z"))).isEqualTo("202612020003");
  }

  @Test
  void format_numberDoesNotFit_isRefusedAndNotTakenModulo() {
    OrderNumber numbers = OrderNumber.dated(BERLIN).digits(4);
    assertThat(numbers.format(at(9_999, "2026-12-01T00:00:00Z"))).endsWith("9999");
    assertThatThrownBy(() -> numbers.format(at(10_000, "2026-12-01T00:00:00Z")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("number: 10000 (expected: 0 or more, at most 4 digits)");
    assertThatThrownBy(() -> numbers.format(at(-1, "2026-12-01T00:00:00Z")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> numbers.digits(19)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void number_ofACheckedText_isFoundUnlessADigitIsWrong() {
    OrderNumber numbers = OrderNumber.dated(BERLIN).digits(16).checked();
    String text = numbers.format(at(4711, "2026-11-30T12:00:00Z"));
    assertThat(text).hasSize(25);
    assertThat(numbers.number(text)).hasValue(4711);
    for (int i = 0; i < text.length(); i++) {
      char wrong = text.charAt(i) == '9' ? '0' : (char) (text.charAt(i) + 1);
      assertThat(numbers.number(text.substring(0, i) + wrong + text.substring(i + 1)))
          .isEmpty();
    }
    assertThat(numbers.number(text.substring(1))).isEmpty();
    assertThat(numbers.number("x".repeat(25))).isEmpty();
  }
}
