package io.zookit.scheduler.internal.records;

import io.zookit.core.internal.codec.Stored;
import io.zookit.scheduler.Fate;
import io.zookit.scheduler.RunRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * State of a job's slots: one node in ZooKeeper, changed by compare-and-set only.
 *
 * @param mark every slot up to here has its fate, except those in {@code open} and {@code queued}; epoch milliseconds
 * @param open the claims whose end is to come
 * @param queued a slot that waits for the end of a run
 * @param recent the last outcomes, newest last
 * @param fates see {@link FateLog}
 * @param since see {@link FateLog}
 * @param failures consecutive slots that did not end as RAN
 * @param lastEnd end of the last run, 0 for none
 * @param lastSuccess end of the last run that RAN, 0 for none
 */
public record StateRecord(
    @Stored("mark") long mark,
    @Stored("open") List<ClaimRecord> open,
    @Stored("queued") @Nullable SlotRecord queued,
    @Stored("recent") List<OutcomeRecord> recent,
    @Stored("fates") String fates,
    @Stored("since") long since,
    @Stored("failures") int failures,
    @Stored("lastEnd") long lastEnd,
    @Stored("lastSuccess") long lastSuccess) {

  public static final int RECENT = 20;

  /** The error of a run whose place was taken. */
  public static final String EVICTED = "evicted";

  /** Bytes by which a state may grow, not counting its fates, before a claim is opened or ended again. */
  private static final int SLACK = 1_024;

  /** Kind of run that a claim is for. */
  public enum Kind {
    /** One run with a run node. */
    @Stored("RUN")
    RUN,
    /** A slot in parts; each part has a run node of its own. */
    @Stored("PARTS")
    PARTS,
    /** The run after all parts. */
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
   * @param partsFate of a completion, the fate of the parts
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
      @Stored("partsFate") @Nullable Fate partsFate,
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
          partsFate,
          beside,
          node);
    }

    public ClaimRecord withAttempt(int to) {
      return new ClaimRecord(
          id, kind, slot, manual, owner, to, at, from, parameters, partsFate, beside, node);
    }

    public ClaimRecord toCompletion(String newId, String newOwner, long now, Fate fate) {
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
          fate,
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
  public record OutcomeRecord(
      @Stored("id") String id,
      @Stored("slot") SlotRecord slot,
      @Stored("manual") @Nullable String manual,
      @Stored("owner") String owner,
      @Stored("attempt") int attempt,
      @Stored("at") long at,
      @Stored("end") long end,
      @Stored("fate") Fate fate,
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
          fate,
          Boolean.TRUE.equals(overlap),
          thrown == null ? error : thrown);
    }

    OutcomeRecord withoutError() {
      return new OutcomeRecord(
          id, slot, manual, owner, attempt, at, end, fate, null, overlap, node);
    }

    public OutcomeRecord withOverlap() {
      return new OutcomeRecord(id, slot, manual, owner, attempt, at, end, fate, error, true, node);
    }
  }

  public static StateRecord startingAt(long now) {
    return new StateRecord(now, List.of(), null, List.of(), "", now, 0, 0, 0);
  }

  public Optional<ClaimRecord> claim(String id) {
    return open.stream().filter(claim -> claim.id().equals(id)).findFirst();
  }

  public Optional<OutcomeRecord> outcome(String id) {
    return recent.stream().filter(outcome -> outcome.id().equals(id)).findFirst();
  }

  /**
   * Returns whether the slot of a claim that is no longer open has ended, or has proceeded to the run after its parts.
   */
  public boolean isBehind(ClaimRecord parts) {
    return open.stream().anyMatch(claim -> claim.key().equals(parts.key()))
        || recent.stream()
            .anyMatch(outcome -> outcome.slot().equals(parts.slot())
                && Objects.equals(outcome.manual(), parts.manual()));
  }

  /** Returns whether a manual trigger was already taken. */
  public boolean hasTaken(String trigger) {
    return open.stream().anyMatch(claim -> trigger.equals(claim.manual()))
        || recent.stream().anyMatch(outcome -> trigger.equals(outcome.manual()));
  }

  public FateLog fateLog() {
    return FateLog.parse(since, fates);
  }

  /** The instants of slots whose fate is to come. */
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
        mark, List.copyOf(to), queued, recent, fates, since, failures, lastEnd, lastSuccess);
  }

  public StateRecord withMark(long to) {
    return new StateRecord(
        Math.max(mark, to), open, queued, recent, fates, since, failures, lastEnd, lastSuccess);
  }

  public StateRecord withQueued(@Nullable SlotRecord to) {
    return new StateRecord(mark, open, to, recent, fates, since, failures, lastEnd, lastSuccess);
  }

  public StateRecord withRecent(List<OutcomeRecord> to) {
    List<OutcomeRecord> newest = to.subList(Math.max(0, to.size() - RECENT), to.size());
    return new StateRecord(
        mark, open, queued, List.copyOf(newest), fates, since, failures, lastEnd, lastSuccess);
  }

  /**
   * A state that can be written, also when the fates are as long as they get: if need be without old errors, then without
   * old outcomes. The newest one stays as it is.
   */
  public StateRecord fitted() {
    List<OutcomeRecord> kept = new ArrayList<>(recent);
    for (int i = 0; i < kept.size() - 1 && withRecent(kept).isTooLarge(); i++) {
      kept.set(i, kept.get(i).withoutError());
    }
    while (kept.size() > 1 && withRecent(kept).isTooLarge()) {
      kept.remove(0);
    }
    return withRecent(kept);
  }

  private boolean isTooLarge() {
    int others = Records.sizeOf(withFates(FateLog.empty(since)));
    return others > Records.STATE_LIMIT - FateLog.MOST_CHARACTERS - SLACK;
  }

  public StateRecord withFates(FateLog log) {
    return new StateRecord(
        mark, open, queued, recent, log.text(), log.since(), failures, lastEnd, lastSuccess);
  }

  public StateRecord withEnd(long end, boolean success, boolean counts) {
    return new StateRecord(
        mark,
        open,
        queued,
        recent,
        fates,
        since,
        success ? 0 : counts ? failures + 1 : failures,
        Math.max(end, lastEnd),
        success ? Math.max(end, lastSuccess) : lastSuccess);
  }
}
