package io.zookit.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FencingTokenTest {

  @Test
  void toString_smallToken_isOfFixedWidth() {
    assertThat(new FencingToken(1, 0x3000000a7L, 0))
        .hasToString("0000000000000001-00000003000000a7-00000000");
  }

  @Test
  void compareTo_mostSignificantPartFirst() {
    assertThat(List.of(
            new FencingToken(0, 9, 9),
            new FencingToken(1, 0, 0),
            new FencingToken(1, 1, 0),
            new FencingToken(1, 1, 1),
            new FencingToken(1, Long.MAX_VALUE, 0),
            new FencingToken(1, Long.MIN_VALUE, 0),
            new FencingToken(1, -1, 0),
            new FencingToken(2, 0, 0)))
        .isSorted();
    assertThat(new FencingToken(1, -1, 0).isAfter(new FencingToken(1, 1, 5))).isTrue();
    assertThat(new FencingToken(1, 1, 0).isAfter(new FencingToken(1, 1, 0))).isFalse();
  }

  @Test
  void compareTo_randomTokens_isTheOrderOfTheTexts() {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      FencingToken one = randomToken(random);
      FencingToken other = randomToken(random);

      assertThat(Integer.signum(one.compareTo(other)))
          .as("seed %d: %s and %s", seed, one, other)
          .isEqualTo(Integer.signum(one.toString().compareTo(other.toString())));
      assertThat(one.compareTo(other) == 0).isEqualTo(one.equals(other));
      assertThat(FencingToken.parse(one.toString())).as("seed %d", seed).isEqualTo(one);
    }
  }

  @Test
  void parse_otherText_isRefused() {
    String good = new FencingToken(1, 2, 3).toString();
    for (String text : List.of(
        "",
        "1-2-3",
        good + " ",
        " " + good,
        good + "\n",
        good.replace('-', '_'),
        "0000000000000001-00000003000000A7-00000000",
        "+000000000000001-00000003000000a7-00000000",
        "0000000000000001-00000003000000a7-0000000")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> FencingToken.parse(text))
          .withMessageStartingWith("token: \"" + text + "\"");
    }
  }

  @Test
  void create_negativeCounter_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FencingToken(-1, 0, 0))
        .withMessage("incarnation: -1 (expected: 0 or more)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FencingToken(0, 0, -1))
        .withMessage("handOff: -1 (expected: 0 or more)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FencingToken.parse("ffffffffffffffff-0000000000000000-00000000"));
  }

  private static FencingToken randomToken(Random random) {
    long zxid = switch (random.nextInt(3)) {
      case 0 -> random.nextLong();
      case 1 -> random.nextInt(4);
      default -> -1L - random.nextInt(4);
    };
    return new FencingToken(random.nextInt(3), zxid, random.nextInt(3));
  }
}
