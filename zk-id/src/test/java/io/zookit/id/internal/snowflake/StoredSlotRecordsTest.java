package io.zookit.id.internal.snowflake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import java.net.URL;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Writes the records of slots and compares their bytes with the recorded ones. */
class StoredSlotRecordsTest {

  @Test
  void encode_everyRecord_writesTheRecordedBytes() {
    String written = lines().collect(Collectors.joining("\n"));

    assertThat(written).isEqualTo(contentOf(recorded()).strip());
  }

  private static Stream<String> lines() {
    String mark = "ids/<name>/~w/<slot>";
    return Stream.of(
        line(mark, WindowRecord.CODEC, WindowRecord.UNUSED),
        line(mark, WindowRecord.CODEC, new WindowRecord(28_000_000, "0123456789abcdef-7")),
        line(
            "ids/<name>/~o/<slot>",
            SlotOwnerRecord.CODEC,
            new SlotOwnerRecord("0123456789abcdef", "host", 4711)));
  }

  /** One record: where it is stored, and its bytes, which are read back to an equal record. */
  private static <T extends Record> String line(String place, RecordCodec<T> codec, T value) {
    byte[] bytes = codec.encode(value);
    assertThat(codec.decode(bytes)).isEqualTo(new Decoded.Value<>(value, 1));
    return place + " " + new String(bytes, UTF_8);
  }

  private static URL recorded() {
    return Objects.requireNonNull(
        StoredSlotRecordsTest.class.getResource("/recorded/slot-records-1.txt"));
  }
}
