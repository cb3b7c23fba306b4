package io.zookit.core.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderAndPayloadTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      emptyValue = "",
      value = {
        "head;body|head|body",
        "head;|head|\"\"",
        "head;a;b;|head|a;b;",
        ";body|\"\"|body",
        ";|\"\"|\"\""
      })
  void parse_ofBytes_splitsAtTheFirstLineEnd(String all, String header, String payload) {
    HeaderAndPayload parsed = HeaderAndPayload.parse(bytes(all));
    assertThat(parsed.header()).isEqualTo(bytes(header));
    assertThat(parsed.payload()).isEqualTo(bytes(payload));
    assertThat(parsed.toBytes()).isEqualTo(bytes(all));
  }

  @Test
  void parse_withoutALineEnd_isAllHeader() {
    assertThat(HeaderAndPayload.parse(bytes("head")).header()).isEqualTo(bytes("head"));
    assertThat(HeaderAndPayload.parse(bytes("head")).payload()).isEmpty();
    assertThat(HeaderAndPayload.parse(new byte[0]).header()).isEmpty();
  }

  @Test
  void toBytes_anyPayload_isKept() {
    byte[] payload = {0, '\n', (byte) 0xff, '\n'};
    byte[] all = new HeaderAndPayload(bytes("head"), payload).toBytes();
    assertThat(HeaderAndPayload.parse(all).payload()).isEqualTo(payload);
  }

  private static byte[] bytes(String text) {
    return text.replace(';', '\n').getBytes(StandardCharsets.US_ASCII);
  }
}
