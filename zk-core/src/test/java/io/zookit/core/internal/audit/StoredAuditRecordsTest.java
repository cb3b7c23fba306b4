package io.zookit.core.internal.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import java.net.URL;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Writes the records of the audit and compares their bytes with the recorded ones. */
class StoredAuditRecordsTest {

  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

  @Test
  void encode_everyRecord_writesTheRecordedBytes() {
    String written = lines().collect(Collectors.joining("\n"));

    assertThat(written).isEqualTo(contentOf(recorded()).strip());
  }

  @Test
  void encoded_longTexts_areCutToOneKibibyteAndStayText() {
    String pairs = "\uD83D\uDD12".repeat(2000);
    AuditEntryRecord record = new AuditEntryRecord(
        "lock.break",
        "a/".repeat(300),
        pairs + '\uD83D',
        pairs,
        List.of(pairs, pairs, pairs, pairs, pairs),
        "host:1",
        NOON,
        "0".repeat(64));

    byte[] bytes = record.encoded();

    assertThat(bytes.length).isBetween(512, AuditEntryRecord.MOST_BYTES);
    assertThat(AuditEntryRecord.CODEC.decode(bytes))
        .isInstanceOfSatisfying(Decoded.Value.class, read -> {
          AuditEntryRecord cut = (AuditEntryRecord) read.value();
          assertThat(cut.action()).isEqualTo("lock.break");
          assertThat(cut.target()).startsWith("a/a/").endsWith("…");
          assertThat(cut.identities()).hasSize(4);
          assertThat(cut.previous()).hasSize(64);
        });
  }

  private static Stream<String> lines() {
    AuditDayRecord.Anchor before = new AuditDayRecord.Anchor("20260101", 7, "ab");
    return Stream.of(
        line("audit/20260102", AuditDayRecord.CODEC, AuditDayRecord.first(null)),
        line(
            "audit/20260102",
            AuditDayRecord.CODEC,
            AuditDayRecord.first(before).appended("cd").omittedOne()),
        line(
            "audit/20260102/0000000001",
            AuditEntryRecord.CODEC,
            new AuditEntryRecord("job.pause", "report", null, "ana", null, "host:1", NOON, "")),
        line(
            "audit/20260102/0000000002",
            AuditEntryRecord.CODEC,
            new AuditEntryRecord(
                "lock.break",
                "stock/sku-42",
                "held by shop",
                "ana",
                List.of("digest:ana"),
                "host:1",
                NOON,
                "cd")));
  }

  /** One record: where it is stored, and its bytes, which are read back to an equal record. */
  private static <T extends Record> String line(String place, RecordCodec<T> codec, T value) {
    byte[] bytes = codec.encode(value);
    assertThat(codec.decode(bytes)).isEqualTo(new Decoded.Value<>(value, 1));
    return place + " " + new String(bytes, UTF_8);
  }

  private static URL recorded() {
    return Objects.requireNonNull(
        StoredAuditRecordsTest.class.getResource("/recorded/audit-records-1.txt"));
  }
}
