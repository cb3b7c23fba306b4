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
import io.zookit.group.internal.store.PinsRecord.StoredPin;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
        line("~spec", SpecRecord.CODEC, SpecRecord.first(256)),
        line("~spec", SpecRecord.CODEC, SpecRecord.first(256).withNext(512)),
        line("~m/<id>@<nonce>", MemberRecord.CODEC, plain),
        line("~m/<id>@<nonce>", MemberRecord.CODEC, full),
        line(
            "~h/<epoch>/<b>/<p>",
            PartitionOwnerRecord.CODEC,
            new PartitionOwnerRecord("n1@0123456789abcdef")),
        line(
            "~pins",
            PinsRecord.CODEC,
            new PinsRecord(List.of(new StoredPin(3, "n2", Instant.parse("2026-01-01T00:00:00Z"))))),
        "~plan " + new String(PLAN.encode(), ISO_8859_1).lines().findFirst().orElseThrow());
  }

  /** One record: where it is stored, and its bytes, which are read back to an equal record. */
  private static <T extends Record> String line(String where, RecordCodec<T> codec, T value) {
    byte[] bytes = codec.encode(value);
    assertThat(codec.decode(bytes)).isEqualTo(new Decoded.Value<>(value, 1));
    return where + " " + new String(bytes, UTF_8);
  }

  @Test
  void encode_largestMember_fits() {
    List<PartitionRefusal> refusals = IntStream.range(0, MemberRecord.MOST_REFUSALS)
        .mapToObj(i -> new PartitionRefusal(
            SpecRecord.MOST_PARTITIONS - 1 - i, Instant.parse("2026-01-01T00:00:59Z")))
        .toList();
    MemberRecord largest = new MemberRecord(
        MemberRecord.State.LEAVING,
        1_000,
        "z".repeat(128),
        (long) SpecRecord.MOST_PARTITIONS,
        Duration.ofDays(1).minusNanos(1),
        Long.MAX_VALUE,
        refusals,
        "l".repeat(64));

    assertThat(MemberRecord.CODEC.encode(largest)).hasSizeLessThanOrEqualTo(4 * 1024);
  }

  @Test
  void encode_largestPlanAndPins_fit() {
    List<PlannedMember> members = IntStream.range(0, GroupPlan.MOST_MEMBERS)
        .mapToObj(i -> new PlannedMember(
            "i".repeat(125) + (100 + i), "0123456789abcdef", Duration.ofDays(1).minusNanos(1)))
        .toList();
    int[] targets = new int[SpecRecord.MOST_PARTITIONS];
    GroupPlan largest = GroupPlan.of(
        new PlanHeader(
            "i".repeat(128), Long.MAX_VALUE, 1, members, Collections.nCopies(64, Long.MAX_VALUE)),
        targets);
    assertThat(GroupPlan.decode(largest.encode())).isPresent();

    PinsRecord pins = PinsRecord.NONE;
    for (int i = 0; i < PinsRecord.MOST_PINS; i++) {
      pins = pins.with(
          new StoredPin(
              SpecRecord.MOST_PARTITIONS - 1 - i,
              "i".repeat(128),
              Instant.parse("2026-01-01T00:00:00.123Z")),
          Instant.EPOCH);
    }
    assertThat(PinsRecord.CODEC.decode(PinsRecord.CODEC.encode(pins)))
        .isEqualTo(new Decoded.Value<>(pins, 1));
  }

  @Test
  void pins_endedAndReplacedOnes_areLeftOut() {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    PinsRecord pins = PinsRecord.NONE
        .with(new StoredPin(1, "a", now.plusSeconds(10)), now)
        .with(new StoredPin(2, "a", now.plusSeconds(20)), now)
        .with(new StoredPin(2, "b", now.plusSeconds(30)), now);

    assertThat(pins.inForce(now))
        .isEqualTo(Map.of(
            1, new StoredPin(1, "a", now.plusSeconds(10)),
            2, new StoredPin(2, "b", now.plusSeconds(30))));
    assertThat(pins.nextEnd(now)).contains(now.plusSeconds(10));
    assertThat(pins.inForce(now.plusSeconds(10))).containsOnlyKeys(2);
    assertThat(pins.without(2, now.plusSeconds(10))).isEqualTo(PinsRecord.NONE);
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
