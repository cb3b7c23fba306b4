package io.zookit.scheduler.internal.records;

import io.zookit.core.internal.codec.Stored;
import io.zookit.scheduler.RunRecord;
import io.zookit.scheduler.SlotOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * State of a job's slots: one node in ZooKeeper, changed by compare-and-set only.
 *
 * @param watermark every slot up to here has its outcome, except those in {@code open} and {@code queued}; epoch
 *     milliseconds
 * @param open the claims whose end is to come
 * @param queued a slot that waits for the end of a run
 * @param recent the last ends, newest last; earlier ones are in ranges
 * @param outcomes see {@link OutcomeLog}
 * @param since see {@link OutcomeLog}
 * @param failures consecutive slots that did not end as RAN
 * @param lastEnd end of the last run, 0 for none
 * @param lastSuccess end of the last run that RAN, 0 for none
 * @param endRanges the ranges of earlier ends
 * @param outcomeRanges the ranges of earlier outcomes
 */
public record StateRecord(
    long watermark,
    List<ClaimRecord> open,
    @Nullable SlotRecord queued,
    List<EndRecord> recent,
    String outcomes,
    long since,
    int failures,
    long lastEnd,
    long lastSuccess,
    RangeNumbers endRanges,
    RangeNumbers outcomeRanges) {

  public static final int RECENT = 20;

  /** The error of a run whose place was taken. */
  public static final String EVICTED = "evicted";

  /** Bytes by which a state may grow, not counting its outcomes, before a claim is opened or ended again. */
  private static final int SLACK = 1_024;

  /** Kind of run that a claim is for. */
  public enum Kind {
    /** One run with a run node. */
    @Stored("RUN")
    RUN,
    /** A slot in shards; each shard has a run node of its own. */
    @Stored("PARTS")
    SHARDS,
    /** The run after all shards. */
    @Stored("COMPLETION")
    COMPLETION
  }

  /**
   * A claim.
   *
   * @param id created by the claimant for this one attempt
   * @param manual the trigger it took, if it was not a slot's turn
   * @param owner the label of the node, for display
   * @param at when it was claimed
   * @param from beginning of the interval that it covers
   * @param shardsOutcome of a completion, the outcome of the shards
   * @param beside whether its run node has a path of its own next to those of other claims, instead of the job's single
   *     path. The path stays as claimed, whatever the definition says later; older clients do not store this flag and
   *     go by the definition.
   * @param node the znode of the node that took the slot, whichever node runs it; older clients do not store it
   */
  public record ClaimRecord(
      @Stored("id") String id,
      @Stored("kind") Kind kind,
      @Stored("slot") SlotRecord slot,
      @Stored("manual") @Nullable String manual,
      @Stored("owner") String owner,
      @Stored("attempt") int attempt,
      @Stored("at") long at,
      @Stored("from") long from,
      @Stored("parameters") @Nullable Map<String, String> parameters,
      @Stored("partsFate") @Nullable SlotOutcome shardsOutcome,
      @Stored("beside") @Nullable Boolean beside,
      @Stored("node") @Nullable String node) {

    /** The name of the slot's folder under exec. */
    public String key() {
      return manual == null ? "s" + slot.at() : "m" + manual;
    }

    public ClaimRecord again(String newId, String newOwner, long now) {
      return new ClaimRecord(
          newId,
          kind,
          slot,
          manual,
          newOwner,
          attempt + 1,
          now,
          from,
          parameters,
          shardsOutcome,
          beside,
          node);
    }

    public ClaimRecord withAttempt(int to) {
      return new ClaimRecord(
          id, kind, slot, manual, owner, to, at, from, parameters, shardsOutcome, beside, node);
    }

    public ClaimRecord toCompletion(String newId, String newOwner, long now, SlotOutcome outcome) {
      return new ClaimRecord(
          newId,
          Kind.COMPLETION,
          slot,
          manual,
          newOwner,
          1,
          now,
          from,
          parameters,
          outcome,
          null,
          node);
    }
  }

  /**
   * The end of a claim.
   *
   * @param overlap whether the old owner was seen working after the verdict on it
   * @param node see {@link ClaimRecord}
   */
  public record EndRecord(
      @Stored("id") String id,
      @Stored("slot") SlotRecord slot,
      @Stored("manual") @Nullable String manual,
      @Stored("owner") String owner,
      @Stored("attempt") int attempt,
      @Stored("at") long at,
      @Stored("end") long end,
      @Stored("fate") SlotOutcome outcome,
      @Stored("error") @Nullable String error,
      @Stored("overlap") @Nullable Boolean overlap,
      @Stored("node") @Nullable String node) {

    /** Returns whether the claim was taken from an owner that did not end it. */
    public boolean isEviction() {
      return EVICTED.equals(error);
    }

    /**
     * Returns the end as users see it.
     *
     * @param thrown what is known of the error beyond the stored one, if anything
     */
    public RunRecord toRun(String job, @Nullable String thrown) {
      return new RunRecord(
          job,
          id,
          slot.toSlot(),
          manual != null,
          owner,
          attempt,
          Instant.ofEpochMilli(at),
          Instant.ofEpochMilli(end),
          outcome,
          Boolean.TRUE.equals(overlap),
          thrown == null ? error : thrown);
    }

    EndRecord withoutError() {
      return new EndRecord(id, slot, manual, owner, attempt, at, end, outcome, null, overlap, node);
    }

    public EndRecord withOverlap() {
      return new EndRecord(id, slot, manual, owner, attempt, at, end, outcome, error, true, node);
    }
  }

  /**
   * The numbers of the ranges of one kind that exist.
   *
   * @param first the oldest
   * @param next the one to be created next
   */
  public record RangeNumbers(
      @Stored("first") int first, @Stored("next") int next) {

    public static final RangeNumbers NONE = new RangeNumbers(0, 0);

    private static final int SKIP = 1_000;

    boolean isUnused() {
      return equals(NONE);
    }

    /** Returns the numbers of the ranges, oldest first. */
    List<Integer> all() {
      return IntStream.range(first, next).boxed().toList();
    }

    /** Returns the number of the range to be removed when one is added to {@code most}. */
    Optional<Integer> oldestBeyond(int most) {
      return next - first >= most ? Optional.of(first) : Optional.empty();
    }

    /** Returns the numbers after one range was added, of at most {@code most}. */
    RangeNumbers next(int most) {
      return new RangeNumbers(next - first >= most ? first + 1 : first, next + 1);
    }

    RangeNumbers skip() {
      return new RangeNumbers(next + SKIP, next + SKIP);
    }
  }

  public static StateRecord startingAt(long now) {
    return new StateRecord(
        now, List.of(), null, List.of(), "", now, 0, 0, 0, RangeNumbers.NONE, RangeNumbers.NONE);
  }

  public Optional<ClaimRecord> claim(String id) {
    return open.stream().filter(claim -> claim.id().equals(id)).findFirst();
  }

  public Optional<EndRecord> ended(String id) {
    return recent.stream().filter(ended -> ended.id().equals(id)).findFirst();
  }

  /**
   * Returns whether the slot of a claim that is no longer open has ended, or has proceeded to the run after its shards.
   */
  public boolean isBehind(ClaimRecord shards) {
    return open.stream().anyMatch(claim -> claim.key().equals(shards.key()))
        || recent.stream()
            .anyMatch(ended -> ended.slot().equals(shards.slot())
                && Objects.equals(ended.manual(), shards.manual()));
  }

  /** Returns whether a manual trigger was already taken. */
  public boolean hasTaken(String trigger) {
    return open.stream().anyMatch(claim -> trigger.equals(claim.manual()))
        || recent.stream().anyMatch(ended -> trigger.equals(ended.manual()));
  }

  public OutcomeLog outcomeLog() {
    return OutcomeLog.parse(since, outcomes);
  }

  /** The instants of slots whose outcome is to come. */
  public List<Long> undecided() {
    List<Long> slots = new ArrayList<>();
    open.stream()
        .filter(claim -> claim.manual() == null)
        .forEach(c -> slots.add(c.slot().at()));
    if (queued != null) {
      slots.add(queued.at());
    }
    return slots;
  }

  public StateRecord withOpen(List<ClaimRecord> to) {
    return new StateRecord(
        watermark,
        List.copyOf(to),
        queued,
        recent,
        outcomes,
        since,
        failures,
        lastEnd,
        lastSuccess,
        endRanges,
        outcomeRanges);
  }

  public StateRecord withWatermark(long to) {
    return new StateRecord(
        Math.max(watermark, to),
        open,
        queued,
        recent,
        outcomes,
        since,
        failures,
        lastEnd,
        lastSuccess,
        endRanges,
        outcomeRanges);
  }

  public StateRecord withQueued(@Nullable SlotRecord to) {
    return new StateRecord(
        watermark,
        open,
        to,
        recent,
        outcomes,
        since,
        failures,
        lastEnd,
        lastSuccess,
        endRanges,
        outcomeRanges);
  }

  public StateRecord withRecent(List<EndRecord> to) {
    List<EndRecord> newest = to.subList(Math.max(0, to.size() - RECENT), to.size());
    return new StateRecord(
        watermark,
        open,
        queued,
        List.copyOf(newest),
        outcomes,
        since,
        failures,
        lastEnd,
        lastSuccess,
        endRanges,
        outcomeRanges);
  }

  /**
   * A state that can be written, also when the outcomes are as long as they get: if need be without old errors, then without
   * old outcomes. The newest one stays as it is.
   */
  public StateRecord fitted() {
    List<EndRecord> kept = new ArrayList<>(recent);
    for (int i = 0; i < kept.size() - 1 && withRecent(kept).isTooLarge(); i++) {
      kept.set(i, kept.get(i).withoutError());
    }
    while (kept.size() > 1 && withRecent(kept).isTooLarge()) {
      kept.remove(0);
    }
    return withRecent(kept);
  }

  private boolean isTooLarge() {
    int others = Records.sizeOf(withOutcomes(OutcomeLog.empty(since)));
    return others > Records.STATE_LIMIT - OutcomeLog.MOST_CHARACTERS - SLACK;
  }

  public StateRecord withOutcomes(OutcomeLog log) {
    return new StateRecord(
        watermark,
        open,
        queued,
        recent,
        log.text(),
        log.since(),
        failures,
        lastEnd,
        lastSuccess,
        endRanges,
        outcomeRanges);
  }

  public StateRecord withEnd(long end, boolean success, boolean counts) {
    return new StateRecord(
        watermark,
        open,
        queued,
        recent,
        outcomes,
        since,
        success ? 0 : counts ? failures + 1 : failures,
        Math.max(end, lastEnd),
        success ? Math.max(end, lastSuccess) : lastSuccess,
        endRanges,
        outcomeRanges);
  }

  StateRecord withEndRanges(RangeNumbers to) {
    return new StateRecord(
        watermark,
        open,
        queued,
        recent,
        outcomes,
        since,
        failures,
        lastEnd,
        lastSuccess,
        to,
        outcomeRanges);
  }

  StateRecord withOutcomeRanges(RangeNumbers to) {
    return new StateRecord(
        watermark,
        open,
        queued,
        recent,
        outcomes,
        since,
        failures,
        lastEnd,
        lastSuccess,
        endRanges,
        to);
  }

  /** A copy whose next ranges have numbers that none had: something else has the numbers in turn. */
  public StateRecord withSkippedRanges() {
    return withEndRanges(endRanges.skip()).withOutcomeRanges(outcomeRanges.skip());
  }

  /**
   * A copy with its past, for readers: the ends and outcomes of ranges in front of its own.
   *
   * @param ends the ranges of ends that were found, oldest first
   * @param ranges the ranges of outcomes, oldest first; before one that was not found nothing is known
   */
  public StateRecord withPast(List<RangeRecord> ends, List<Optional<RangeRecord>> ranges) {
    List<EndRecord> all = new ArrayList<>();
    ends.forEach(range -> all.addAll(range.read()));
    all.addAll(recent);
    List<OutcomeLog.Span> spans = new ArrayList<>();
    long from = since;
    for (int i = ranges.size() - 1; i >= 0 && ranges.get(i).isPresent(); i--) {
      RangeRecord range = ranges.get(i).get();
      spans.addAll(OutcomeLog.parse(range.since(), range.outcomes()).spans());
      from = range.since();
    }
    spans.addAll(outcomeLog().spans());
    spans.sort(Comparator.comparingLong(OutcomeLog.Span::from));
    return new StateRecord(
            watermark,
            open,
            queued,
            List.copyOf(all),
            outcomes,
            since,
            failures,
            lastEnd,
            lastSuccess,
            endRanges,
            outcomeRanges)
        .withOutcomes(new OutcomeLog(from, spans));
  }
}
