package io.zookit.scheduler.internal.rules;

import com.google.common.base.Ascii;
import io.zookit.scheduler.CatchUp;
import io.zookit.scheduler.Overlap;
import io.zookit.scheduler.SkipReason;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.records.JobRecord;
import io.zookit.scheduler.internal.records.OutcomeLog;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.Records.ControlRecord;
import io.zookit.scheduler.internal.records.SlotRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.records.StateRecord.EndRecord;
import io.zookit.scheduler.time.Slot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the ledger as pure functions from one state to the next.
 *
 * <p>Every function that moves the watermark writes the outcome of each slot it passes, so there is never a slot below it
 * without one, except those that are open or queued.
 *
 * @param job the definition in force
 * @param timeline its slots
 * @param control pauses
 */
public record Planner(JobRecord job, ScheduleTimeline timeline, ControlRecord control) {

  /** Maximum number of slots that one write can pass; the next write passes the rest. */
  public static final int MOST_PASSED = 20_000;

  private static final int MOST_PARALLEL = 16;

  /**
   * Maximum size of the parameters of a manual run, in bytes; {@code MOST_OPEN_PARAMETERS} limits those of all open
   * runs.
   */
  public static final int MOST_PARAMETERS = 4 * 1024;

  private static final int MOST_OPEN_PARAMETERS = 6 * 1024;
  private static final int SHOWN_ERROR = 160;

  /** Returns whether another claim may be opened in addition to the open ones. */
  public boolean hasRoom(StateRecord state) {
    return state.open().isEmpty()
        || (job.policies().overlap() == Overlap.ALLOW && state.open().size() < MOST_PARALLEL);
  }

  /** Returns whether the parameters of another run can be kept in addition to those of the open runs. */
  public static boolean hasRoom(StateRecord state, Map<String, String> parameters) {
    int more = Records.sizeOf(parameters);
    int open = state.open().stream()
        .mapToInt(claim -> Records.sizeOf(claim.parameters()))
        .sum();
    return more == 0 || open + more <= MOST_OPEN_PARAMETERS;
  }

  /** An error as it is kept: its begin, in characters that can be written. */
  public static @Nullable String shown(@Nullable String error) {
    return error == null
        ? null
        : new String(
            Ascii.truncate(error, SHOWN_ERROR, "").getBytes(StandardCharsets.UTF_8),
            StandardCharsets.UTF_8);
  }

  /**
   * Decides what to do about the slots that are due.
   *
   * @param now cluster time
   * @param capable whether the calling node can run the job
   * @param capableSince since when a capable node has certainly been connected, as far as the calling node knows
   */
  public Plan plan(StateRecord state, long now, boolean capable, long capableSince) {
    if (state.queued() != null && capable && !control.isPaused()) {
      Slot slot = state.queued().toSlot();
      return new Plan(state.withQueued(null), slot, intervalOf(state, slot), millis(slot), 0, 0);
    }
    List<Slot> due = due(state, now);
    List<Slot> wanted = capable ? wanted(state, due, now) : List.of();
    Slot start = wanted.isEmpty() ? null : choose(wanted);
    List<Slot> passed = start == null ? lost(due, now, capable) : before(due, start);
    OutcomeLog log = state.outcomeLog();
    int missed = 0;
    for (Slot slot : passed) {
      char code = codeOf(slot, capable, capableSince);
      missed += code == OutcomeLog.codeOf(SlotOutcome.MISSED) ? 1 : 0;
      log = log.with(millis(slot), code, state.undecided());
    }
    StateRecord next = passed.isEmpty()
        ? state
        : state.withOutcomes(log).withWatermark(millis(passed.get(passed.size() - 1)));
    return start == null
        ? new Plan(next, null, 0, 0, passed.size(), missed)
        : new Plan(
            next.withWatermark(millis(start)),
            start,
            from(state, passed),
            millis(wanted.get(0)),
            passed.size(),
            missed);
  }

  /** A state in which a claim is open. */
  public StateRecord open(StateRecord state, ClaimRecord claim) {
    List<ClaimRecord> open = new ArrayList<>(state.open());
    open.add(claim);
    return state.withOpen(open).fitted();
  }

  /** A state in which an open claim is replaced by its next attempt or stage. */
  public StateRecord reopen(StateRecord state, ClaimRecord old, ClaimRecord claim) {
    return open(without(state, old), claim);
  }

  /** A state in which a claim has ended; slots that were due during it are settled by the overlap policy. */
  public StateRecord end(
      StateRecord state, ClaimRecord claim, SlotOutcome outcome, @Nullable String error, long now) {
    StateRecord next = without(state, claim);
    if (claim.manual() == null) {
      next =
          next.withOutcomes(next.outcomeLog().with(claim.slot().at(), outcome, next.undecided()));
    }
    List<EndRecord> recent = new ArrayList<>(next.recent());
    recent.add(new EndRecord(
        claim.id(),
        claim.slot(),
        claim.manual(),
        claim.owner(),
        claim.attempt(),
        claim.at(),
        now,
        outcome,
        shown(error),
        null,
        claim.node()));
    next = next.withRecent(recent).withEnd(now, outcome == SlotOutcome.RAN, claim.manual() == null);
    boolean settles = job.policies().overlap() != Overlap.ALLOW && !catchesUp(next, claim, now);
    return (settles ? settleOverlaps(next, now) : next).fitted();
  }

  /** Returns whether the failures of a state pause the job. */
  public boolean pauses(StateRecord ended) {
    Integer limit = job.policies().pauseAfter();
    return limit != null && ended.failures() >= limit && !control.isPaused();
  }

  /**
   * Returns whether slots are waiting that were due before the run began: all of them are to be run, so a slot that
   * became due during the run is late like them, and waits behind them.
   */
  private boolean catchesUp(StateRecord state, ClaimRecord ended, long now) {
    return job.policies().catchUp() == CatchUp.Policy.RUN_ALL
        && job.policies().overlap() != Overlap.REPLACE
        && wanted(state, due(state, now), now).stream()
            .anyMatch(slot -> millis(slot) + job.jitter() <= ended.at());
  }

  private StateRecord settleOverlaps(StateRecord state, long now) {
    List<Slot> due = due(state, now);
    List<Slot> wanted = due.stream().filter(slot -> !isPaused(slot)).toList();
    Slot keep = null;
    if (!wanted.isEmpty() && state.queued() == null) {
      keep = switch (job.policies().overlap()) {
        case QUEUE_ONE -> wanted.get(0);
        case REPLACE -> wanted.get(wanted.size() - 1);
        case FORBID, ALLOW -> null;
      };
    }
    StateRecord next = keep == null ? state : state.withQueued(SlotRecord.of(keep));
    OutcomeLog log = next.outcomeLog();
    for (Slot slot : due) {
      if (!slot.equals(keep)) {
        SkipReason reason = isPaused(slot) ? SkipReason.PAUSED : SkipReason.OVERLAP;
        log = log.with(millis(slot), OutcomeLog.codeOf(reason), next.undecided());
      }
    }
    return due.isEmpty()
        ? next
        : next.withOutcomes(log).withWatermark(millis(due.get(due.size() - 1)));
  }

  private char codeOf(Slot slot, boolean capable, long capableSince) {
    if (isPaused(slot)) {
      return OutcomeLog.codeOf(SkipReason.PAUSED);
    }
    if (!capable) {
      return OutcomeLog.codeOf(SkipReason.NO_CAPABLE_NODE);
    }
    return millis(slot) >= capableSince
        ? OutcomeLog.codeOf(SkipReason.POLICY)
        : OutcomeLog.codeOf(SlotOutcome.MISSED);
  }

  public List<Slot> due(StateRecord state, long now) {
    return timeline.between(state.watermark(), now - job.jitter(), state.lastEnd(), MOST_PASSED);
  }

  private static List<Slot> before(List<Slot> due, Slot start) {
    return due.stream().takeWhile(slot -> slot.compareTo(start) < 0).toList();
  }

  /** Returns the leading slots that no node will run, up to the first that a node may still run. */
  private List<Slot> lost(List<Slot> due, long now, boolean capable) {
    return due.stream()
        .takeWhile(slot -> capable || isTooOld(slot, now) || isPaused(slot))
        .toList();
  }

  /** The slots of which one is to be run. */
  private List<Slot> wanted(StateRecord state, List<Slot> due, long now) {
    return due.stream()
        .filter(slot -> !isPaused(slot) && !isTooOld(slot, now) && !isKnown(state, slot))
        .toList();
  }

  private Slot choose(List<Slot> wanted) {
    int runs = job.policies().catchUp() == CatchUp.Policy.RUN_ALL
        ? Math.min(job.policies().most(), wanted.size())
        : 1;
    return wanted.get(wanted.size() - runs);
  }

  private long from(StateRecord state, List<Slot> passed) {
    return passed.isEmpty() || job.policies().catchUp() == CatchUp.Policy.COALESCE
        ? state.watermark()
        : millis(passed.get(passed.size() - 1));
  }

  private long intervalOf(StateRecord state, Slot slot) {
    return state.outcomeLog().spans().stream()
        .mapToLong(OutcomeLog.Span::to)
        .filter(to -> to < millis(slot))
        .max()
        .orElse(state.since());
  }

  private boolean isTooOld(Slot slot, long now) {
    return millis(slot) + job.jitter() < now - job.policies().window();
  }

  private boolean isPaused(Slot slot) {
    return control.isPaused() || control.coversPause(millis(slot));
  }

  /** Returns whether a node with other time zone data has run the same label at another instant. */
  private static boolean isKnown(StateRecord state, Slot slot) {
    return state.recent().stream()
        .filter(ended -> ended.manual() == null && ended.slot().label() != null)
        .anyMatch(ended -> ended.slot().toSlot().hasSameLabel(slot));
  }

  private static StateRecord without(StateRecord state, ClaimRecord claim) {
    return state.withOpen(
        state.open().stream().filter(each -> !each.id().equals(claim.id())).toList());
  }

  public static long millis(Slot slot) {
    return slot.instant().toEpochMilli();
  }
}
