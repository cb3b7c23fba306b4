package io.zookit.scheduler.internal.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.internal.codec.RecordCodec;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.records.OutcomeLog.Span;
import io.zookit.scheduler.internal.records.RangeSplit.AddedRange;
import io.zookit.scheduler.internal.records.StateRecord.EndRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tests the ranges that hold a job's past, as pure values. */
class RangeSplitTest {

  private static final long START = 1_700_000_000_000L;
  private static final JobPaths PATHS = new JobPaths(new ZkPath("/zookit"));

  private final Map<ZkPath, RangeRecord> stored = new HashMap<>();

  private static EndRecord end(int run) {
    long at = START + run * 1_000L;
    String id = String.format("%016x", 0x9e3779b97f4a7c15L * run);
    return new EndRecord(
        id,
        new SlotRecord(at, null, null),
        null,
        "worker-17",
        1,
        at,
        at + 40,
        outcome(run),
        null,
        null,
        "c0ffee00c0ffee00");
  }

  /** Every other slot fails, so that no two outcomes are stored together. */
  private static SlotOutcome outcome(int run) {
    return run % 2 == 0 ? SlotOutcome.RAN : SlotOutcome.FAILED;
  }

  /** The state after a run more, and what is stored next to it. */
  private StateRecord after(StateRecord state, int run) {
    List<EndRecord> ends = new ArrayList<>(state.recent());
    ends.add(end(run));
    EndRecord end = end(run);
    StateRecord next = state
        .withRecent(ends)
        .withOutcomes(state.outcomeLog().with(end.slot().at(), end.outcome(), List.of()))
        .withWatermark(end.slot().at());
    RangeSplit split = RangeSplit.of(PATHS, "a", next);
    for (AddedRange added : split.added()) {
      assertThat(stored.put(added.path(), added.range())).as("%s", added.path()).isNull();
    }
    split.dropped().forEach(old -> assertThat(stored.remove(old)).as("%s", old).isNotNull());
    return split.kept();
  }

  private StateRecord afterRuns(int runs) {
    StateRecord state = StateRecord.startingAt(START);
    for (int run = 1; run <= runs; run++) {
      state = after(state, run);
      assertThat(state.recent()).hasSizeLessThanOrEqualTo(RangeSplit.MOST_ENDS);
      assertThat(state.outcomes().length()).isLessThanOrEqualTo(RangeSplit.MOST_CHARACTERS);
    }
    return state;
  }

  private StateRecord withPast(StateRecord state) {
    return state.withPast(
        PATHS.ends("a", state).stream().map(stored::get).toList(),
        PATHS.outcomes("a", state).stream()
            .map(stored::get)
            .map(Optional::ofNullable)
            .toList());
  }

  @Test
  void of_manyRuns_losesNothingWithinItsReach() {
    StateRecord past = withPast(afterRuns(600));
    assertThat(past.since()).isEqualTo(START);
    assertThat(past.outcomeLog().spans()).hasSize(600);
    assertThat(past.recent()).hasSizeGreaterThan(StateRecord.RECENT).endsWith(end(599), end(600));
    for (int i = 1; i < past.recent().size(); i++) {
      assertThat(past.recent().get(i).at()).isEqualTo(past.recent().get(i - 1).at() + 1_000);
    }
  }

  @Test
  void of_veryManyRuns_keepsABoundedNumberOfRangesAndSaysWhereKnowledgeBegins() {
    StateRecord state = afterRuns(5_000);
    assertThat(stored).hasSize(8 + 20);
    StateRecord past = withPast(state);
    List<Span> spans = past.outcomeLog().spans();
    assertThat(spans).hasSizeGreaterThan(700);
    assertThat(past.since()).isEqualTo(spans.get(0).from() - 1_000);
    assertThat(spans.get(spans.size() - 1).to()).isEqualTo(state.watermark());
  }

  @Test
  void withPast_rangeIsMissing_knowsOnlyWhatIsNewer() {
    StateRecord state = afterRuns(600);
    List<ZkPath> ranges = PATHS.outcomes("a", state);
    assertThat(ranges).hasSizeGreaterThan(3);
    RangeRecord newer = Objects.requireNonNull(stored.get(ranges.get(2)));
    stored.remove(ranges.get(1));
    assertThat(withPast(state).since()).isEqualTo(newer.since());
  }

  /** The format version before held twenty ends as records. */
  @Test
  void encode_stateOfAnOldJob_isMuchSmallerThanInVersion1() {
    StateRecord state = afterRuns(600);
    List<EndRecord> recent = new ArrayList<>();
    OutcomeLog log = OutcomeLog.empty(START);
    for (int run = 1; run <= 600; run++) {
      log = log.with(end(run).slot().at(), outcome(run), List.of());
      if (run > 580) {
        recent.add(end(run));
      }
    }
    StoredState before = new StoredState(
        state.watermark(), List.of(), null, recent, null, log.text(), START, 0, 0, 0, null, null);
    int old = RecordCodec.of(StoredState.class, 1).encode(before).length;
    int now = Records.STATE.encode(state).length;
    System.out.printf("state of an old job: version 1 %d bytes, version 2 %d bytes%n", old, now);
    assertThat(now).isLessThan(old / 5);
  }
}
