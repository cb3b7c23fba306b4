package io.zookit.id.internal.counter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.id.internal.record.IdRecord;
import java.net.URL;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Writes the records of counters and shared values and compares their bytes with the recorded ones. */
class StoredSharedRecordsTest {

  @Test
  void encode_everyRecord_writesTheRecordedBytes() {
    String written = lines().collect(Collectors.joining("\n"));

    assertThat(written).isEqualTo(contentOf(recorded()).strip());
  }

  @Test
  void with_manyWrites_keepsTheLast32() {
    ValueRecord value = ValueRecord.UNSET;
    for (int i = 1; i <= 40; i++) {
      value = value.with("{}", "w" + i);
    }

    assertThat(value.changes()).isEqualTo(40);
    assertThat(value.writes()).hasSize(32).startsWith("w9").endsWith("w40");
  }

  private static Stream<String> lines() {
    IdRecord counter = IdRecord.shared(IdRecord.COUNTER, 2);
    String member = "ids/<name>/~m/<nonce>";
    return Stream.of(
        line("ids/<name>", IdRecord.CODEC, counter),
        line("ids/<name>", IdRecord.CODEC, counter.toApproved(3)),
        line("ids/<name>", IdRecord.CODEC, IdRecord.shared(IdRecord.VALUE, 1)),
        line(member, PartialSum.CODEC, PartialSum.NEW),
        line(member, PartialSum.CODEC, new PartialSum(42, "0123456789abcdef-7", true)),
        line("ids/<name>/~t", TotalRecord.CODEC, new TotalRecord(4711)),
        line("ids/<name>/~v", ValueRecord.CODEC, ValueRecord.UNSET),
        line(
            "ids/<name>/~v",
            ValueRecord.CODEC,
            ValueRecord.UNSET.with("{\"v\":1,\"r\":1,\"a\":1}", "0123456789abcdef-1")));
  }

  /** One record: where it is stored, and its bytes, which are read back to an equal record. */
  private static <T extends Record> String line(String place, RecordCodec<T> codec, T value) {
    byte[] bytes = codec.encode(value);
    assertThat(codec.decode(bytes)).isEqualTo(new Decoded.Value<>(value, 1));
    return place + " " + new String(bytes, UTF_8);
  }

  private static URL recorded() {
    return Objects.requireNonNull(
        StoredSharedRecordsTest.class.getResource("/recorded/shared-records-1.txt"));
  }
}
