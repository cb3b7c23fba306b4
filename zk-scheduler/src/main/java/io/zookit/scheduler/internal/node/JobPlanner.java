package io.zookit.scheduler.internal.node;

import io.zookit.scheduler.Overlap;
import io.zookit.scheduler.internal.node.JobEffect.CancelRun;
import io.zookit.scheduler.internal.node.JobEffect.ClaimSlot;
import io.zookit.scheduler.internal.node.JobEffect.ClaimTrigger;
import io.zookit.scheduler.internal.node.JobEffect.Evict;
import io.zookit.scheduler.internal.node.JobEffect.LookAtShards;
import io.zookit.scheduler.internal.node.JobEffect.MarkOrphaned;
import io.zookit.scheduler.internal.node.JobEffect.PassSlots;
import io.zookit.scheduler.internal.node.JobEffect.ReadAfter;
import io.zookit.scheduler.internal.node.JobEffect.ReportTrigger;
import io.zookit.scheduler.internal.node.JobEffect.RequestCancel;
import io.zookit.scheduler.internal.node.JobEffect.Rerun;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.rules.Plan;
import io.zookit.scheduler.internal.rules.Planner;
import io.zookit.scheduler.internal.state.CachedJob;
import io.zookit.scheduler.internal.state.CachedJob.Trigger;
import io.zookit.scheduler.time.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides what a node does about a job whose state was read, or written, just now.
 *
 * <p>In this order, and at most one commit at a time: claims of other nodes that have no run node any more; a run that is
 * to be replaced; manual triggers; slots. {@link Planner} has the rules for the slots themselves. Pure.
 *
 * @param turn when this node's turn comes
 * @param now cluster time
 * @param node what the node can do
 */
record JobPlanner(NodeTurn turn, long now, Abilities node) {

  private static final long BUSY_MILLIS = 100;
  private static final long UNWRITTEN_MILLIS = 60_000;
  private static final long REPLACE_MILLIS = 500;

  /**
   * Abilities of the node for the job.
   *
   * @param canGrant whether fencing tokens can be issued
   * @param hasRoom whether another run fits
   * @param hasZombie whether code of the job still runs here under a claim of an earlier session
   * @param handledSince since when the node has a handler and certainly was connected, in cluster time; empty without one
   * @param running the claims of the job that are run here
   */
  record Abilities(
      boolean canGrant,
      boolean hasRoom,
      boolean hasZombie,
      Optional<Long> handledSince,
      Set<String> running) {

    Abilities {
      running = Set.copyOf(running);
    }
  }

  /** A decision: the job as it is known afterwards, and the effects to be performed. */
  record JobDecision(CachedJob job, List<JobEffect> effects) {

    JobDecision {
      effects = List.copyOf(effects);
    }
  }

  /** Decides about a job without a commit under way. */
  JobDecision decide(CachedJob job) {
    CachedJob seen = job.rank() == CachedJob.UNSEEN ? job.withRank(turn.rank(job)) : job;
    if (!seen.commit().isIdle() || !seen.readable() || seen.isDeleted()) {
      return new JobDecision(seen, List.of());
    }
    if (!node.canGrant) {
      // no outcome is decided by data that an operator must judge first
      return new JobDecision(seen, List.of(new ReadAfter(NodeTurn.RELOOK_MILLIS)));
    }
    List<JobEffect> effects = new ArrayList<>();
    for (ClaimRecord claim : seen.state().open()) {
      if (node.running.contains(claim.id())) {
        continue;
      }
      if (claim.kind() == StateRecord.Kind.SHARDS) {
        effects.add(new LookAtShards(claim));
      } else if (seen.isPresent(claim)) {
        seen = seen.withoutAbsent(claim.id());
      } else {
        return considerAbsent(seen, claim, effects);
      }
    }
    if (seen.planner().hasRoom(seen.state())) {
      considerNext(seen, effects);
    } else {
      considerReplacement(seen, effects);
    }
    return new JobDecision(seen, effects);
  }

  /** Decides about a claim whose run node is missing. */
  private JobDecision considerAbsent(CachedJob job, ClaimRecord claim, List<JobEffect> effects) {
    long since = job.view().absent().getOrDefault(claim.id(), now);
    long grace = turn.rank(job) < 0 ? turn.behindAll(job) : turn.delay(job, now);
    if (now < since + grace) {
      effects.add(new ReadAfter(since + grace - now));
    } else if (!job.job().policies().reruns(claim.attempt())) {
      effects.add(new MarkOrphaned(claim));
    } else if (canRun(job)) {
      effects.add(new Rerun(claim));
    } else {
      effects.add(new ReadAfter(NodeTurn.RELOOK_MILLIS));
    }
    return new JobDecision(job.withAbsent(claim, since), effects);
  }

  private void considerReplacement(CachedJob job, List<JobEffect> effects) {
    ClaimRecord old = job.state().open().get(0);
    boolean wanted = job.job().policies().overlap() == Overlap.REPLACE
        && old.kind() == StateRecord.Kind.RUN
        && !job.planner().due(job.state(), now).isEmpty();
    if (!wanted) {
      return;
    }
    Long evictAfter = job.job().policies().evictAfter();
    Long asked = old.id().equals(job.control().cancel()) ? job.control().cancelAt() : null;
    if (node.running.contains(old.id())) {
      effects.add(new CancelRun(old));
    }
    if (asked == null) {
      effects.add(new RequestCancel(old));
    } else if (evictAfter != null && now > asked + evictAfter && canRun(job)) {
      effects.add(new Evict(old));
    }
    effects.add(new ReadAfter(REPLACE_MILLIS));
  }

  private void considerNext(CachedJob job, List<JobEffect> effects) {
    Optional<Trigger> trigger = nextTrigger(job, effects);
    if (trigger.isEmpty() || !considerTrigger(job, trigger.get(), effects)) {
      considerSlots(job, effects);
    }
  }

  /**
   * Returns the oldest trigger of a job that was not taken since they were read and whose parameters can be kept now; one
   * that never fits is left where it is.
   */
  private static Optional<Trigger> nextTrigger(CachedJob job, List<JobEffect> effects) {
    StateRecord none = job.state().withOpen(List.of());
    for (Trigger trigger : job.reading().triggers()) {
      if (job.state().hasTaken(trigger.id())) {
        continue;
      }
      if (Planner.hasRoom(job.state(), trigger.record().parameters())) {
        return Optional.of(trigger);
      }
      if (!Planner.hasRoom(none, trigger.record().parameters())) {
        effects.add(new ReportTrigger(trigger));
      }
    }
    return Optional.empty();
  }

  /** Returns whether this trigger takes precedence over the slots. */
  private boolean considerTrigger(CachedJob job, Trigger trigger, List<JobEffect> effects) {
    if (turn.rank(job) < 0) {
      return false;
    }
    long delay = turn.delay(job, now);
    long wait = Math.min(trigger.record().slot().at() + delay - now, delay);
    if (wait > 0) {
      effects.add(new ReadAfter(wait));
      return false;
    }
    effects.add(canRun(job) ? new ClaimTrigger(trigger) : new ReadAfter(BUSY_MILLIS));
    return true;
  }

  private boolean canRun(CachedJob job) {
    return turn.rank(job) >= 0 && node.hasRoom && node.handledSince.isPresent() && !node.hasZombie;
  }

  private void considerSlots(CachedJob job, List<JobEffect> effects) {
    int rank = turn.rank(job);
    boolean capable = rank >= 0 && node.handledSince.isPresent();
    if (!capable && turn.hasCapableNode(job)) {
      return;
    }
    long since = node.handledSince.orElse(Long.MAX_VALUE);
    Plan plan = job.planner().plan(job.state(), now, capable, since);
    if (plan.changesNothing()) {
      return;
    }
    Slot slot = plan.start();
    if (slot == null) {
      if (isWorthWriting(job, plan)) {
        effects.add(new PassSlots(plan));
      }
      return;
    }
    long mine = turnOf(job, plan, rank, since);
    if (now < mine) {
      effects.add(new ReadAfter(mine - now));
    } else {
      effects.add(canRun(job) ? new ClaimSlot(plan, slot) : new ReadAfter(BUSY_MILLIS));
    }
  }

  /**
   * Returns the time at which this node may claim: a delay after the oldest waiting slot. Counted from the newest one,
   * it would never come if slots followed each other faster than the delay. A node that has just joined lets the first
   * node go ahead.
   */
  private long turnOf(CachedJob job, Plan plan, int rank, long since) {
    long waiting = plan.waiting() + job.job().jitter();
    if (job.state().queued() != null) {
      waiting = Math.max(waiting, job.state().lastEnd());
    }
    return Math.max(waiting, rank == 0 ? 0 : since) + turn.delayAfter(job, plan.waiting());
  }

  /** Slots of a paused job are recorded together, once in a while. */
  private boolean isWorthWriting(CachedJob job, Plan plan) {
    return !job.control().isPaused()
        || now - job.state().watermark() > UNWRITTEN_MILLIS
        || plan.passed() >= Planner.MOST_PASSED;
  }
}
