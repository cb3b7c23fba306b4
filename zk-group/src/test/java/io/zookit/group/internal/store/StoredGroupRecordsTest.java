package io.zookit.group.internal.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.group.internal.store.GroupPlan.PlanHeader;
import io.zookit.group.internal.store.GroupPlan.PlannedMember;
import io.zookit.group.internal.store.MemberRecord.PartitionRefusal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Writes the records of groups and compares their bytes with the recorded ones. */
class StoredGroupRecordsTest {

  private static final GroupPlan PLAN = GroupPlan.of(
      new PlanHeader(
          "n1@0123456789abcdef",
          7,
          1,
          List.of(
              new PlannedMember("n1", "0123456789abcdef", null),
              new PlannedMember("n2", null, Duration.ofSeconds(30))),
          List.of(4294967301L, 4294967299L)),
      new int[] {0, 1, GroupPlan.UNASSIGNED, 0});

  @Test
  void encode_everyRecord_writesTheRecordedBytes() {
    String written = lines().collect(Collectors.joining("\n"));

    assertThat(written)
        .isEqualTo(contentOf(Objects.requireNonNull(
                StoredGroupRecordsTest.class.getResource("/recorded/group-records-1.txt")))
            .strip());
  }

  private static Stream<String> lines() {
    MemberRecord plain =
        new MemberRecord(MemberRecord.State.JOINED, 1, null, null, null, null, List.of(), "host");
    MemberRecord full = new MemberRecord(
        MemberRecord.State.LEAVING,
        3,
        "z1",
        10L,
        Duration.ofSeconds(30),
        4294967301L,
        List.of(new PartitionRefusal(5, Instant.parse("2026-01-01T00:00:00Z"))),
        "host");
    return Stream.of(
        line("~spec", SpecRecord.CODEC, new SpecRecord(1, 256, 16)),
        line("~m/<id>@<nonce>", MemberRecord.CODEC, plain),
        line("~m/<id>@<nonce>", MemberRecord.CODEC, full),
        line(
            "~h/<epoch>/<b>/<p>",
            PartitionOwnerRecord.CODEC,
            new PartitionOwnerRecord("n1@0123456789abcdef")),
        "~plan " + new String(PLAN.encode(), ISO_8859_1).lines().findFirst().orElseThrow());
  }

  /** One record: where it is stored, and its bytes, which are read back to an equal record. */
  private static <T extends Record> String line(String where, RecordCodec<T> codec, T value) {
    byte[] bytes = codec.encode(value);
    assertThat(codec.decode(bytes)).isEqualTo(new Decoded.Value<>(value, 1));
    return where + " " + new String(bytes, UTF_8);
  }

  @Test
  void decode_encodedPlan_isEqual() {
    GroupPlan read = GroupPlan.decode(PLAN.encode()).orElseThrow();
    assertThat(read.header()).isEqualTo(PLAN.header());
    assertThat(read.hasTargetsOf(PLAN)).isTrue();
    assertThat(read.targetOf(2)).isEqualTo(GroupPlan.UNASSIGNED);
    assertThat(read.hasSeen(0, 4294967301L)).isTrue();
    assertThat(read.hasSeen(1, 4294967301L)).isFalse();
  }

  @Test
  void decode_damagedOrNewerPlan_isEmpty() {
    assertThat(GroupPlan.decode(new byte[] {'x'})).isEmpty();
    String text = new String(PLAN.encode(), ISO_8859_1);
    assertThat(GroupPlan.decode(text.replace("\"r\":1", "\"r\":2").getBytes(ISO_8859_1)))
        .isEmpty();
    byte[] unknownMember = PLAN.encode();
    unknownMember[unknownMember.length - 1] = 9;
    assertThat(GroupPlan.decode(unknownMember)).isEmpty();
  }
}
