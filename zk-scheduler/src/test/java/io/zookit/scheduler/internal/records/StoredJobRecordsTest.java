package io.zookit.scheduler.internal.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.scheduler.CatchUp;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobMode;
import io.zookit.scheduler.OnDeath;
import io.zookit.scheduler.Overlap;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.records.Records.ControlRecord;
import io.zookit.scheduler.internal.records.Records.DefRecord;
import io.zookit.scheduler.internal.records.Records.EraRecord;
import io.zookit.scheduler.internal.records.Records.ExecRecord;
import io.zookit.scheduler.internal.records.Records.ManualRecord;
import io.zookit.scheduler.internal.records.Records.NodeRecord;
import io.zookit.scheduler.internal.records.Records.ParametersRecord;
import io.zookit.scheduler.internal.records.Records.PartitionRecord;
import io.zookit.scheduler.internal.records.Records.PauseRecord;
import io.zookit.scheduler.internal.records.Records.RunNodeRecord;
import io.zookit.scheduler.internal.records.Records.ShardRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.records.StateRecord.EndRecord;
import io.zookit.scheduler.internal.records.StateRecord.RangeNumbers;
import io.zookit.scheduler.time.FoldPolicy;
import io.zookit.scheduler.time.GapPolicy;
import java.net.URL;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Writes the records of jobs and compares their bytes with the recorded ones. */
class StoredJobRecordsTest {

  @Test
  void encode_everyRecord_writesTheRecordedBytes() {
    String written = lines().collect(Collectors.joining("\n"));

    assertThat(written).isEqualTo(contentOf(recorded("job-records-2.txt")).strip());
  }

  private static final String STATE = "jobs/~p<HH>/<job>/state ";
  private static final long AT = 1_700_000_000_000L;
  private static final JobPolicies STANDARD = JobPolicies.of(Job.named("report"));
  private static final SlotRecord SLOT = new SlotRecord(AT, "2023-11-14T23:13:20", 1);
  private static final ScheduleRecord CRON = cron(GapPolicy.RUN_AT_TRANSITION, FoldPolicy.FIRST);
  private static final ScheduleRecord RATE = new ScheduleRecord(
      null, null, null, null, null, 60_000L, Instant.ofEpochMilli(AT), null, null);
  private static final ScheduleRecord DELAY =
      new ScheduleRecord(null, null, null, null, null, null, null, 5_000L, null);
  private static final ScheduleRecord ONCE =
      new ScheduleRecord(null, null, null, null, null, null, null, null, SLOT);

  private static Stream<String> lines() {
    return Stream.of(definitions(), states(), claims(), outcomes(), ranges(), shards(), others())
        .flatMap(each -> each);
  }

  private static Stream<String> definitions() {
    JobPolicies full = new JobPolicies(
        Overlap.ALLOW,
        CatchUp.Policy.RUN_ALL,
        1,
        2,
        OnDeath.Policy.RERUN,
        3,
        4,
        5,
        6,
        7L,
        8L,
        9,
        10L);
    JobRecord job = new JobRecord(
        "report",
        CRON,
        "other",
        JobMode.SHARDED,
        2,
        List.of("a", "b"),
        "handler",
        3,
        full,
        Map.of("key", "value"));
    List<EraRecord> eras = List.of(
        new EraRecord(1, null),
        new EraRecord(2, RATE),
        new EraRecord(3, DELAY),
        new EraRecord(4, ONCE),
        new EraRecord(5, CRON));
    return Stream.concat(
        Stream.of(definition(job, eras, true)),
        Stream.of(
                Stream.of(JobMode.values()).map(mode -> record(mode, null, STANDARD)),
                Stream.of(GapPolicy.values())
                    .map(gap -> record(JobMode.EXCLUSIVE, cron(gap, FoldPolicy.LAST), STANDARD)),
                Stream.of(FoldPolicy.values())
                    .map(fold -> record(JobMode.EXCLUSIVE, cron(GapPolicy.SKIP, fold), STANDARD)),
                policies().map(each -> record(JobMode.EXCLUSIVE, null, each)))
            .flatMap(each -> each)
            .map(each -> definition(each, List.of(new EraRecord(1, null)), false)));
  }

  private static JobRecord record(
      JobMode mode, @Nullable ScheduleRecord schedule, JobPolicies policies) {
    return new JobRecord(
        "report", schedule, null, mode, 1, List.of(), "report", 0, policies, Map.of());
  }

  private static Stream<JobPolicies> policies() {
    return Stream.of(
            Stream.of(Overlap.values())
                .map(overlap -> policies(overlap, CatchUp.Policy.RUN_LAST, OnDeath.Policy.FAIL)),
            Stream.of(CatchUp.Policy.values())
                .map(catchUp -> policies(Overlap.FORBID, catchUp, OnDeath.Policy.FAIL)),
            Stream.of(OnDeath.Policy.values())
                .map(onDeath -> policies(Overlap.FORBID, CatchUp.Policy.RUN_LAST, onDeath)))
        .flatMap(each -> each);
  }

  private static Stream<String> states() {
    StateRecord full = new StateRecord(
        AT,
        List.of(claim(StateRecord.Kind.RUN)),
        SLOT,
        List.of(ended(SlotOutcome.RAN)),
        "Rmhr7k3c0+1y4.60",
        AT - 1,
        2,
        AT - 2,
        AT - 3,
        new RangeNumbers(3, 11),
        new RangeNumbers(0, 1));
    return Stream.of(state(full), state(StateRecord.startingAt(AT)));
  }

  private static Stream<String> ranges() {
    List<EndRecord> ends = List.of(
        ended(SlotOutcome.FAILED),
        new EndRecord(
            "claim",
            new SlotRecord(AT, null, null),
            null,
            "a|b~c%d",
            1,
            AT,
            AT + 1,
            SlotOutcome.RAN,
            null,
            true,
            null));
    RangeRecord outcomes = RangeRecord.of(OutcomeLog.parse(AT, "Rmhr7k3c0+1y4.60"));
    return Stream.of(
        line("jobs/~p<HH>/<job>/ends-<n>", Records.RANGE, RangeRecord.ofEnds(ends)),
        line("jobs/~p<HH>/<job>/outcomes-<n>", Records.RANGE, outcomes));
  }

  private static Stream<String> claims() {
    ClaimRecord least = new ClaimRecord(
        "claim",
        StateRecord.Kind.RUN,
        new SlotRecord(AT, null, null),
        null,
        "n1",
        1,
        AT,
        AT,
        null,
        null,
        null,
        null);
    return Stream.concat(
            Stream.of(least), Stream.of(StateRecord.Kind.values()).map(StoredJobRecordsTest::claim))
        .map(claim -> state(StateRecord.startingAt(AT).withOpen(List.of(claim))));
  }

  private static Stream<String> outcomes() {
    EndRecord least =
        new EndRecord("claim", SLOT, null, "n1", 1, AT, AT + 1, SlotOutcome.RAN, null, null, null);
    return Stream.concat(
            Stream.of(least), Stream.of(SlotOutcome.values()).map(StoredJobRecordsTest::ended))
        .map(ended -> state(StateRecord.startingAt(AT).withRecent(List.of(ended))));
  }

  private static Stream<String> shards() {
    List<ShardRecord> shards = List.of(
        new ShardRecord("node", "claim", "n1", 2, SlotOutcome.FAILED, "disk full"),
        new ShardRecord(null, null, null, 0, null, null));
    return Stream.of(line(
        "jobs/~p<HH>/<job>/exec/<slot>",
        Records.EXEC,
        new ExecRecord("claim", shards, List.of("node", "other"))));
  }

  private static Stream<String> others() {
    PauseRecord ended = new PauseRecord(AT, AT + 1, "maintenance");
    return Stream.of(
        line("jobs/~p<HH>/<job>/ctl", Records.CONTROL, ControlRecord.NONE),
        line(
            "jobs/~p<HH>/<job>/ctl",
            Records.CONTROL,
            new ControlRecord("claim", AT, List.of(ended, new PauseRecord(AT + 2, null, null)))),
        line(
            "jobs/~p<HH>/<job>/manual/<id>",
            Records.MANUAL,
            new ManualRecord(SLOT, Map.of("key", "value"))),
        line(
            "job-nodes/<id>",
            Records.NODE,
            new NodeRecord("n1", Map.of("report", 3), 2, AT, AT + 1, "2026a", true)),
        line(
            "job-nodes/<id>",
            Records.NODE,
            new NodeRecord("n1", Map.of(), 1, AT, null, "2026a", false)),
        line("jobs/~p<HH>/<job>/run", Records.RUN, new RunNodeRecord("n1", "claim")),
        line("jobs/~p<HH>", Records.PARTITION, new PartitionRecord(7, List.of("report", "other"))),
        line(
            "the size of parameters",
            Records.PARAMETERS,
            new ParametersRecord(Map.of("key", "value"))));
  }

  private static String definition(JobRecord job, List<EraRecord> eras, boolean deleted) {
    return line("jobs/~p<HH>/<job>/def", Records.DEF, new DefRecord(job, eras, deleted));
  }

  private static ScheduleRecord cron(GapPolicy gap, FoldPolicy fold) {
    List<String> daysOff = List.of("2026-12-24", "--12-25", "SUNDAY");
    return new ScheduleRecord(
        "0 15 2 * * ?", "Europe/Berlin", gap, fold, daysOff, null, null, null, null);
  }

  private static JobPolicies policies(
      Overlap overlap, CatchUp.Policy catchUp, OnDeath.Policy onDeath) {
    return new JobPolicies(overlap, catchUp, 1, 2, onDeath, 3, 4, 5, 6, null, null, null, null);
  }

  private static ClaimRecord claim(StateRecord.Kind kind) {
    return new ClaimRecord(
        "claim",
        kind,
        SLOT,
        "trigger",
        "n1",
        2,
        AT,
        AT - 1,
        Map.of("key", "value"),
        SlotOutcome.TIMED_OUT,
        true,
        "node");
  }

  private static EndRecord ended(SlotOutcome outcome) {
    return new EndRecord(
        "claim", SLOT, "trigger", "n1", 2, AT, AT + 1, outcome, "disk full", false, "node");
  }

  /** One record: where it is stored, and its bytes, which are read back to an equal record. */
  private static <T extends Record> String line(String place, RecordCodec<T> codec, T value) {
    byte[] bytes = codec.encode(value);
    assertThat(codec.decode(bytes)).isEqualTo(new Decoded.Value<>(value, 1));
    return place + " " + new String(bytes, UTF_8);
  }

  private static String state(StateRecord state) {
    byte[] bytes = Records.STATE.encode(state);
    assertThat(Records.STATE.decode(bytes)).isEqualTo(new Decoded.Value<>(state, 2));
    return STATE + new String(bytes, UTF_8);
  }

  /** States of version 1 hold all ends as records, and have no ranges. */
  @Test
  void decode_statesOfVersion1_areRead() {
    StateRecord first = decoded(0);
    assertThat(first.recent()).containsExactly(ended(SlotOutcome.RAN));
    assertThat(first.open()).containsExactly(claim(StateRecord.Kind.RUN));
    assertThat(first.queued()).isEqualTo(SLOT);
    assertThat(first.outcomes()).isEqualTo("Rmhr7k3c0+1y4.60");
    assertThat(first.endRanges()).isEqualTo(RangeNumbers.NONE);
    assertThat(decoded(1)).isEqualTo(StateRecord.startingAt(AT));
    assertThat(statesOfVersion1()).hasSize(13);
    for (int i = 0; i < statesOfVersion1().size(); i++) {
      StateRecord state = decoded(i);
      byte[] again = Records.STATE.encode(state);
      assertThat(Records.STATE.decode(again)).isEqualTo(new Decoded.Value<>(state, 2));
    }
  }

  /** It would take what was moved to ranges for unknown. */
  @Test
  void decode_stateOfVersion2_isRefusedByAReaderOfVersion1() {
    RecordCodec<StoredState> older = RecordCodec.of(StoredState.class, 1);
    assertThat(older.decode(Records.STATE.encode(StateRecord.startingAt(AT))))
        .isEqualTo(new Decoded.TooNew<>(2, 2));
  }

  private static StateRecord decoded(int i) {
    byte[] data = statesOfVersion1().get(i).substring(STATE.length()).getBytes(UTF_8);
    Decoded<StateRecord> decoded = Records.STATE.decode(data);
    assertThat(decoded).isInstanceOf(Decoded.Value.class);
    return ((Decoded.Value<StateRecord>) decoded).value();
  }

  private static List<String> statesOfVersion1() {
    return contentOf(recorded("job-records-1.txt"))
        .lines()
        .filter(line -> line.startsWith(STATE))
        .toList();
  }

  private static URL recorded(String name) {
    return Objects.requireNonNull(StoredJobRecordsTest.class.getResource("/recorded/" + name));
  }
}
