package io.zookit.core.internal.lineage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.lineage.LineageRecord.Mark;
import io.zookit.core.internal.lineage.LineageRecord.Version;
import java.net.URL;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Writes the records about the data as a whole and compares their bytes with the recorded ones. */
class StoredLineageRecordsTest {

  @Test
  void encode_everyRecord_writesTheRecordedBytes() {
    String written = lines().collect(Collectors.joining("\n"));

    assertThat(written).isEqualTo(contentOf(recorded()).strip());
  }

  private static Stream<String> lines() {
    List<Version> borders = List.of(new Version(1, 0x1_0000_0002L, "b"));
    List<Mark> marks = List.of(new Mark(2, "c"), new Mark(3, "d"));
    return Stream.of(
        line("~incarnation", IncarnationKeeper.CODEC, new IncarnationKeeper.Incarnation(7)),
        line("~lineage", LineageRecord.CODEC, LineageRecord.first("id", 7, "a")),
        line(
            "~lineage",
            LineageRecord.CODEC,
            new LineageRecord("id", 7, "a", new Version(4, 0x2_0000_0003L, "e"), borders, marks)),
        line(
            "the lineage that a client remembers",
            Lineage.CODEC,
            new Lineage("id", 7, 8, 9, 10, new Version(4, 0x2_0000_0003L, "e"), borders, marks)),
        line(
            "~suspect",
            SuspectRecord.CODEC,
            new SuspectRecord("orders", "it went back", 7, "known", "found")));
  }

  /** One record: where it is stored, and its bytes, which are read back to an equal record. */
  private static <T extends Record> String line(String place, RecordCodec<T> codec, T value) {
    byte[] bytes = codec.encode(value);
    assertThat(codec.decode(bytes)).isEqualTo(new Decoded.Value<>(value, 1));
    return place + " " + new String(bytes, UTF_8);
  }

  private static URL recorded() {
    return Objects.requireNonNull(
        StoredLineageRecordsTest.class.getResource("/recorded/lineage-records-1.txt"));
  }
}
