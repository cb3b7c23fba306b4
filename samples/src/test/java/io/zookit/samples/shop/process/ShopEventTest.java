package io.zookit.samples.shop.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.samples.shop.process.ShopEvent.Kind;
import org.junit.jupiter.api.Test;

class ShopEventTest {

  @Test
  void parse_whatWasTold_isTheSame() {
    ShopEvent event = ShopEvent.of(Kind.REFUSED).with("operation", "write").with("token", "a-b=c");

    assertThat(event).hasToString("event REFUSED operation=write token=a-b=c");
    assertThat(ShopEvent.parse(event.toString())).hasValue(event);
    assertThat(ShopEvent.parse("event FINISHED")).hasValue(ShopEvent.of(Kind.FINISHED));
  }

  @Test
  void parse_anyOtherLine_isNoEvent() {
    assertThat(ShopEvent.parse("12:00 WARN something happened")).isEmpty();
    assertThat(ShopEvent.parse("")).isEmpty();
  }

  @Test
  void with_blanks_areReplacedSoThatTheLineStaysOne() {
    ShopEvent event = ShopEvent.of(Kind.FAILED).with("cause", " no\nanswer yet ");

    assertThat(event.fact("cause")).isEqualTo("no_answer_yet");
    assertThat(ShopEvent.parse(event.toString())).hasValue(event);
  }
}
