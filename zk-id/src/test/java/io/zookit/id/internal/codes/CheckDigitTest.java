package io.zookit.id.internal.codes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckDigitTest {

  /** Published examples: of the python-stdnum library, and of the German tax number, which has this check digit. */
  @ParameterizedTest
  @ValueSource(strings = {"794623", "002006673085", "36574261809", "86095742719"})
  void isValid_publishedNumbers_areAccepted(String published) {
    assertThat(CheckDigit.isValid(published)).isTrue();
    int end = published.length() - 1;
    assertThat(CheckDigit.of(published.substring(0, end))).isEqualTo(published.charAt(end));
  }

  @Test
  void isValid_anySingleWrongDigit_isFound() {
    Random random = new Random(7);
    for (int run = 0; run < 200; run++) {
      String digits = Long.toString(random.nextLong() >>> 8);
      StringBuilder checked = new StringBuilder(digits).append(CheckDigit.of(digits));
      int place = random.nextInt(checked.length());
      char right = checked.charAt(place);
      for (char wrong = '0'; wrong <= '9'; wrong++) {
        checked.setCharAt(place, wrong);
        assertThat(CheckDigit.isValid(checked.toString())).isEqualTo(wrong == right);
      }
    }
  }

  @Test
  void isValid_otherCharacters_isFalse() {
    assertThat(CheckDigit.isValid("7")).isFalse();
    assertThat(CheckDigit.isValid("")).isFalse();
    assertThat(CheckDigit.isValid("79462x")).isFalse();
    assertThatThrownBy(() -> CheckDigit.of("12a")).isInstanceOf(IllegalArgumentException.class);
  }
}
