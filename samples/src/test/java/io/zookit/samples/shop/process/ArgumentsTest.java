package io.zookit.samples.shop.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ArgumentsTest {

  @Test
  void parse_valueAfterABlankOrAnEqualsSign_isTaken() {
    assertThat(parse("--connect", "a:1").value("--connect")).hasValue("a:1");
    assertThat(parse("--connect=a:1").required("--connect")).isEqualTo("a:1");
    assertThat(parse().value("--connect")).isEmpty();
  }

  @Test
  void parse_flag_isThereOnlyWhenGiven() {
    assertThat(parse("--fast").has("--fast")).isTrue();
    assertThat(parse().has("--fast")).isFalse();
  }

  @Test
  void parse_unknownArgument_isRefusedByName() {
    for (String wrong : List.of("--nonsense", "--fast=1", "word", "--nonsense=a=b")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> parse(wrong))
          .withMessageStartingWith(wrong);
    }
  }

  @Test
  void parse_optionWithoutValue_isRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse("--fast", "--connect"))
        .withMessageContaining("--connect");
    assertThatIllegalArgumentException().isThrownBy(() -> parse().required("--connect"));
  }

  private static Arguments parse(String... arguments) {
    return Arguments.parse(List.of(arguments), Set.of("--connect"), Set.of("--fast"));
  }
}
