package io.zookit.scheduler.internal.records;

import io.zookit.core.internal.codec.Decoded;
import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.codec.Stored;
import io.zookit.core.internal.codec.UnreadableDataException;
import io.zookit.scheduler.SlotOutcome;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The records that are stored in addition to definition and state, and the codecs of all records. */
public final class Records {

  static final int STATE_LIMIT = 24 * 1024;

  public static final RecordCodec<DefRecord> DEF = RecordCodec.of(DefRecord.class, 1);
  public static final StateCodec STATE = StateCodec.withLimit(STATE_LIMIT);
  public static final RecordCodec<RangeRecord> RANGE = RecordCodec.of(RangeRecord.class, 1);
  public static final RecordCodec<ControlRecord> CONTROL = RecordCodec.of(ControlRecord.class, 1);
  public static final RecordCodec<ManualRecord> MANUAL = RecordCodec.of(ManualRecord.class, 1);
  public static final RecordCodec<NodeRecord> NODE = RecordCodec.of(NodeRecord.class, 1);
  public static final RecordCodec<RunNodeRecord> RUN = RecordCodec.of(RunNodeRecord.class, 1);
  public static final RecordCodec<PartitionRecord> PARTITION =
      RecordCodec.of(PartitionRecord.class, 1);
  public static final RecordCodec<ExecRecord> EXEC =
      RecordCodec.of(ExecRecord.class, 1).withLimit(128 * 1024);

  static final StateCodec MEASURED = StateCodec.withLimit(Integer.MAX_VALUE);
  static final RecordCodec<ParametersRecord> PARAMETERS =
      RecordCodec.of(ParametersRecord.class, 1).withLimit(Integer.MAX_VALUE);

  private Records() {}

  /**
   * A definition, the ones before it, and whether the job is deleted.
   *
   * @param eras what was in force when, oldest first; the last one is the job's own schedule
   */
  public record DefRecord(
      @Stored("job") JobRecord job,
      @Stored("eras") List<EraRecord> eras,
      @Stored("deleted") boolean deleted) {

    /** Refuses what no timeline can be made of: a reader then leaves the job alone. */
    public DefRecord {
      if (eras.isEmpty()) {
        throw new IllegalArgumentException("eras: none (expected: at least one)");
      }
      requireSchedule(job.schedule());
      eras.forEach(era -> requireSchedule(era.schedule()));
    }

    private static void requireSchedule(@Nullable ScheduleRecord schedule) {
      if (schedule != null) {
        schedule.toSchedule();
      }
    }
  }

  /**
   * A schedule and since when it holds, in epoch milliseconds.
   *
   * @param schedule none while the job had none, or was deleted
   */
  public record EraRecord(
      @Stored("since") long since,
      @Stored("schedule") @Nullable ScheduleRecord schedule) {}

  /**
   * Requests to the owner of a run by other clients, and the pauses of the job.
   *
   * @param cancel the claim whose run is to end
   * @param pauses when the job was paused, oldest first
   */
  public record ControlRecord(
      @Stored("cancel") @Nullable String cancel,
      @Stored("cancelAt") @Nullable Long cancelAt,
      @Stored("pauses") List<PauseRecord> pauses) {

    public static final ControlRecord NONE = new ControlRecord(null, null, List.of());

    public boolean isPaused() {
      return !pauses.isEmpty() && pauses.get(pauses.size() - 1).to() == null;
    }

    public boolean coversPause(long instant) {
      return pauses.stream()
          .anyMatch(
              pause -> pause.from() <= instant && (pause.to() == null || instant < pause.to()));
    }
  }

  /** One pause, open while it lasts, in epoch milliseconds. */
  public record PauseRecord(
      @Stored("from") long from,
      @Stored("to") @Nullable Long to,
      @Stored("reason") @Nullable String reason) {}

  /** A manual trigger. */
  public record ManualRecord(
      @Stored("slot") SlotRecord slot, @Stored("parameters") Map<String, String> parameters) {}

  /** Parameters alone, for their size. */
  record ParametersRecord(@Stored("parameters") Map<String, String> parameters) {}

  /** A node: what it can run and what its clock says. */
  public record NodeRecord(
      @Stored("label") String label,
      @Stored("handlers") Map<String, Integer> handlers,
      @Stored("weight") int weight,
      @Stored("wallClock") long wallClock,
      @Stored("clusterClock") @Nullable Long clusterClock,
      @Stored("tzdb") String tzdb,
      @Stored("draining") boolean draining) {}

  /** Owner and claim of a run, for display. */
  public record RunNodeRecord(
      @Stored("owner") String owner, @Stored("claim") String claim) {}

  /** The newest changes of definitions, controls and triggers of a partition; {@code count} counts them. */
  public record PartitionRecord(
      @Stored("count") long count, @Stored("recent") List<String> recent) {

    /** Reads the data of a partition; a partition without data has no changes. */
    public static PartitionRecord read(byte[] data) {
      return data.length == 0
          ? new PartitionRecord(0, List.of())
          : Records.read(PARTITION, data, "a partition");
    }
  }

  /** A slot in shards. */
  public record ExecRecord(
      @Stored("claim") String claim,
      @Stored("parts") List<ShardRecord> shards,
      @Stored("members") List<String> members) {}

  /** A shard: a shard, or a node of a broadcast. */
  public record ShardRecord(
      @Stored("node") @Nullable String node,
      @Stored("claim") @Nullable String claim,
      @Stored("owner") @Nullable String owner,
      @Stored("attempt") int attempt,
      @Stored("fate") @Nullable SlotOutcome outcome,
      @Stored("error") @Nullable String error) {}

  /** Returns the encoded size of a state in bytes, even if it exceeds the limit. */
  public static int sizeOf(StateRecord state) {
    return MEASURED.encode(state).length;
  }

  /** Returns the encoded size of the parameters of a run in bytes. */
  public static int sizeOf(@Nullable Map<String, String> parameters) {
    return parameters == null || parameters.isEmpty()
        ? 0
        : PARAMETERS.encode(new ParametersRecord(parameters)).length;
  }

  /** Reads a record, or refuses what is no such record or too new. */
  public static <T extends Record> T read(RecordCodec<T> codec, byte[] data, Object path) {
    return valueOf(codec.decode(data), path);
  }

  /** Reads a state, or refuses what is none or too new. */
  public static StateRecord read(StateCodec codec, byte[] data, Object path) {
    return valueOf(codec.decode(data), path);
  }

  private static <T> T valueOf(Decoded<T> decoded, Object path) {
    if (decoded instanceof Decoded.Value<T> value) {
      return value.value();
    }
    throw new UnreadableDataException(path + ": " + decoded);
  }
}
