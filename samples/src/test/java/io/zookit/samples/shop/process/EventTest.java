package io.zookit.samples.shop.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.samples.shop.process.Event.Kind;
import org.junit.jupiter.api.Test;

class EventTest {

  @Test
  void parse_whatWasTold_isTheSame() {
    Event event = Event.of(Kind.REFUSED).with("operation", "write").with("token", "a-b=c");

    assertThat(event).hasToString("event REFUSED operation=write token=a-b=c");
    assertThat(Event.parse(event.toString())).hasValue(event);
    assertThat(Event.parse("event FINISHED")).hasValue(Event.of(Kind.FINISHED));
  }

  @Test
  void parse_anyOtherLine_isNoEvent() {
    assertThat(Event.parse("12:00 WARN something happened")).isEmpty();
    assertThat(Event.parse("")).isEmpty();
  }

  @Test
  void with_blanks_areReplacedSoThatTheLineStaysOne() {
    Event event = Event.of(Kind.FAILED).with("cause", " no\nanswer yet ");

    assertThat(event.fact("cause")).isEqualTo("no_answer_yet");
    assertThat(Event.parse(event.toString())).hasValue(event);
  }
}
