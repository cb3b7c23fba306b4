package io.zookit.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodesTest {

  private static final Codes COUPONS = Codes.permuted(key(), "CAMPAIGN-7");

  /** The bytes 0 to 31. */
  private static byte[] key() {
    byte[] key = new byte[32];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) i;
    }
    return key;
  }

  /** The vectors of the format, computed by an independent program; printed codes must stay valid, so they never change. */
  @ParameterizedTest
  @CsvSource({
    "0, 2U3FBB7NKLW5",
    "1, 2WYB6ZXMPPT3",
    "2, 27VEXLXU38QL",
    "4711, 2TAT7KTN6CWX",
    "2147483647, 2XPAE45Z9D78"
  })
  void code_publishedVectors_areStable(long number, String code) {
    assertThat(COUPONS.code(number)).isEqualTo(code);
    assertThat(COUPONS.number(code)).hasValue(number);
    assertThat(COUPONS.number(code.toLowerCase(Locale.ROOT))).hasValue(number);
  }

  @Test
  void code_otherSettings_areStableToo() {
    Codes digits = COUPONS.alphabet("0123456789").length(16).tagBits(20).version(3);
    assertThat(digits.numbers()).isEqualTo(953_674_316);
    assertThat(digits.code(5)).isEqualTo("3274682017391561");
    assertThat(digits.fingerprint()).isEqualTo("f39fdf1559b015c5");
    assertThat(COUPONS.fingerprint()).isEqualTo("6e36b2de42e8b85e");
    assertThat(COUPONS.numbers()).isEqualTo(1L << 31);
  }

  @Test
  void code_wholeSmallDomain_hasDifferentCodesThatAreReadBack() {
    Codes few = COUPONS.length(6).tagBits(20).alphabet("23456789ABCDEFGHJKLMNPQRSTUVWXYZ");
    Set<String> codes = new HashSet<>();
    for (long number = 0; number < few.numbers(); number++) {
      String code = few.code(number);
      assertThat(codes.add(code)).isTrue();
      assertThat(few.number(code)).hasValue(number);
    }
    assertThat(codes).hasSize(32);
  }

  @Test
  void code_outsideTheDomain_isRefusedAndNotTakenModulo() {
    assertThatThrownBy(() -> COUPONS.code(1L << 31))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("number: 2147483648 (expected: 0 to 2147483647)");
    assertThatThrownBy(() -> COUPONS.code(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void number_inventedCodes_areRefused() {
    Random random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder invented = new StringBuilder("2");
      while (invented.length() < 12) {
        invented.append(Codes.CLEAR_CHARACTERS.charAt(random.nextInt(32)));
      }
      assertThat(COUPONS.number(invented.toString())).isEmpty();
    }
  }

  @Test
  void number_codeOfAnotherDomainKeyOrVersion_isRefused() {
    byte[] other = key();
    other[31]++;
    for (long number = 0; number < 100; number++) {
      String code = COUPONS.code(number);
      assertThat(Codes.permuted(key(), "CAMPAIGN-8").number(code)).isEmpty();
      assertThat(Codes.permuted(other, "CAMPAIGN-7").number(code)).isEmpty();
      assertThat(COUPONS.version(1).number(code)).isEmpty();
      assertThat(COUPONS.tagBits(25).number(code)).isEmpty();
      assertThat(COUPONS.number(code + "2")).isEmpty();
      assertThat(COUPONS.number(code.substring(1))).isEmpty();
    }
    assertThat(COUPONS.number("")).isEmpty();
    assertThat(COUPONS.number("2!3FBB7NKLW5")).isEmpty();
  }

  @Test
  void permuted_badSettings_areRefused() {
    assertThatThrownBy(() -> Codes.permuted(new byte[15], "d"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("key: 15 bytes (expected: 16 or more)");
    assertThatThrownBy(() -> COUPONS.length(4)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> COUPONS.tagBits(19)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> COUPONS.alphabet("AAB")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> COUPONS.alphabet("A B")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> COUPONS.version(32)).isInstanceOf(IllegalArgumentException.class);
    assertThat(COUPONS.toString()).isEqualTo("codes CAMPAIGN-7 6e36b2de42e8b85e");
  }

  @Test
  void permuted_keyChangedByTheCaller_keepsItsOwn() {
    byte[] key = key();
    Codes codes = Codes.permuted(key, "CAMPAIGN-7");
    key[0] = 99;
    assertThat(codes.length(12).code(0)).isEqualTo("2U3FBB7NKLW5");
  }
}
