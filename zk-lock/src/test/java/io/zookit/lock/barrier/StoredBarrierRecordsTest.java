package io.zookit.lock.barrier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import java.net.URL;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Writes the records of barriers and latches and compares their bytes with the recorded ones. */
class StoredBarrierRecordsTest {

  @Test
  void encode_everyRecord_writesTheRecordedBytes() {
    String written = lines().collect(Collectors.joining("\n"));

    assertThat(written).isEqualTo(contentOf(recorded()).strip());
  }

  private static Stream<String> lines() {
    return Stream.of(
        line("barriers/<name>/~b", BarrierRecord.CODEC, BarrierRecord.gathering(3, 2)),
        line(
            "barriers/<name>/~b",
            BarrierRecord.CODEC,
            new BarrierRecord(3, 2, List.of("ma.0-0000000001", "mb.0-0000000002"))),
        line("latches/<name>/~l", LatchRecord.CODEC, new LatchRecord(4, 7)));
  }

  /** One record: where it is stored, and its bytes, which are read back to an equal record. */
  private static <T extends Record> String line(String place, RecordCodec<T> codec, T value) {
    byte[] bytes = codec.encode(value);
    assertThat(codec.decode(bytes)).isEqualTo(new Decoded.Value<>(value, 1));
    return place + " " + new String(bytes, UTF_8);
  }

  private static URL recorded() {
    return Objects.requireNonNull(
        StoredBarrierRecordsTest.class.getResource("/recorded/barrier-records-1.txt"));
  }
}
