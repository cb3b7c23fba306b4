package io.zookit.id.internal.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.id.IdLayout;
import java.net.URL;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Writes the records of ids and compares their bytes with the recorded ones. */
class StoredIdRecordsTest {

  @Test
  void encode_everyRecord_writesTheRecordedBytes() {
    String written = lines().collect(Collectors.joining("\n"));

    assertThat(written).isEqualTo(contentOf(recorded()).strip());
  }

  private static Stream<String> lines() {
    IdRecord segments = IdRecord.numbers(IdRecord.SEGMENTS, 1, 1000, 2);
    IdRecord snowflake = IdRecord.snowflake(IdLayout.of(41, 10, 12), 1);
    return Stream.of(
        line(IdRecord.numbers(IdRecord.SEQUENCE, 1, 1, 1)),
        line(segments),
        line(segments.toSealed(70_000L, 500L, 3)),
        line(segments.toSealed(70_000L, 500L, 3).toFinished(12_000)),
        line(segments.toBlocked("number 5 after number 9", 4, 10)),
        line(snowflake),
        line(snowflake.toOpenAfter(120_000)));
  }

  /** One record: where it is stored, and its bytes, which are read back to an equal record. */
  private static String line(IdRecord value) {
    byte[] bytes = IdRecord.CODEC.encode(value);
    assertThat(IdRecord.CODEC.decode(bytes)).isEqualTo(new Decoded.Value<>(value, 1));
    return "ids/<name> " + new String(bytes, UTF_8);
  }

  private static URL recorded() {
    return Objects.requireNonNull(
        StoredIdRecordsTest.class.getResource("/recorded/id-records-1.txt"));
  }
}
