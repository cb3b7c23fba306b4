package io.zookit.scheduler.internal.node;

import io.zookit.scheduler.RunRecord;
import io.zookit.scheduler.SlotOutcome;
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
import io.zookit.scheduler.internal.node.JobPlanner.Abilities;
import io.zookit.scheduler.internal.node.JobPlanner.JobDecision;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.records.StateRecord.EndRecord;
import io.zookit.scheduler.internal.rules.ClaimOrder;
import io.zookit.scheduler.internal.run.CompletionWriter;
import io.zookit.scheduler.internal.run.LiveRun;
import io.zookit.scheduler.internal.run.LiveRun.Phase;
import io.zookit.scheduler.internal.run.LiveRun.Shard;
import io.zookit.scheduler.internal.run.NodeMeters;
import io.zookit.scheduler.internal.run.OverlapRecorder;
import io.zookit.scheduler.internal.run.RegisteredHandler;
import io.zookit.scheduler.internal.run.RunReporter;
import io.zookit.scheduler.internal.run.RunStarter;
import io.zookit.scheduler.internal.run.RunningJobs;
import io.zookit.scheduler.internal.state.CachedJob;
import io.zookit.scheduler.internal.state.JobCache;
import io.zookit.scheduler.internal.state.JobEvent;
import io.zookit.scheduler.internal.state.JobEvent.CommitAnswered;
import io.zookit.scheduler.internal.state.JobEvent.CommitResult.ClaimHeld;
import io.zookit.scheduler.internal.state.JobEvent.CommitResult.Refused;
import io.zookit.scheduler.internal.state.JobEvent.Due;
import io.zookit.scheduler.internal.state.JobEvent.EndAnswered;
import io.zookit.scheduler.internal.state.JobEvent.MembersChanged;
import io.zookit.scheduler.internal.state.JobEvent.NodeChanged;
import io.zookit.scheduler.internal.state.JobEvent.NodeGone;
import io.zookit.scheduler.internal.state.JobEvent.NodeUnreadable;
import io.zookit.scheduler.internal.state.JobEvent.RunEnded;
import io.zookit.scheduler.internal.state.NodeContext;
import io.zookit.scheduler.internal.state.PastEnds;
import io.zookit.scheduler.internal.state.SlotClaimer;
import io.zookit.scheduler.trigger.TriggerEngine;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles the events of a node's jobs one after the other: lets {@link JobPlanner} decide, and performs the effects.
 *
 * <p>A node that is first for a job claims at its slots at once, without reading when it wrote the state last. Every other
 * one reads before it acts. When a node leaves, all look at what it may have left. Confined to the loop.
 */
final class JobLoop implements ShardCoordinator.Listener {

  private static final Logger log = LoggerFactory.getLogger(JobLoop.class);
  private static final long SWEEP_MILLIS = 30_000;
  private static final long UNREAD_MILLIS = 20_000;
  private static final long CONFLICT_MILLIS = 25;

  private final NodeContext context;
  private final Parts parts;
  private final ArmedTriggers triggers;
  private final Function<String, @Nullable RegisteredHandler> handlers;
  private final Set<String> reading = new HashSet<>();
  private final Set<String> reported = new HashSet<>();
  private boolean closed;

  /** The parts of a node that perform effects. */
  record Parts(
      JobCache cache,
      SlotClaimer claims,
      RunningJobs runs,
      RunStarter starter,
      CompletionWriter ends,
      ShardCoordinator shards,
      RunReporter reporter,
      NodeMeters meters) {}

  JobLoop(
      NodeContext context,
      TriggerEngine engine,
      Parts parts,
      Function<String, @Nullable RegisteredHandler> handlers) {
    this.context = context;
    this.parts = parts;
    this.triggers = new ArmedTriggers(context, engine, parts.cache, this::turn);
    this.handlers = handlers;
  }

  void start() {
    triggers.start(name -> on(new Due(name)));
    context.later(SWEEP_MILLIS, this::sweep);
  }

  void close() {
    closed = true;
    triggers.close();
  }

  /** Handles an event. */
  void on(JobEvent event) {
    if (event instanceof Due due) {
      onDue(due.job());
    } else if (event instanceof NodeChanged changed) {
      onRead(changed.job(), changed.redefined());
    } else if (event instanceof NodeGone gone) {
      triggers.disarm(gone.job());
    } else if (event instanceof NodeUnreadable unreadable) {
      onUnreadable(unreadable);
    } else if (event instanceof CommitAnswered answered) {
      onAnswered(answered);
    } else if (event instanceof RunEnded ended) {
      onCodeEnded(ended);
    } else if (event instanceof EndAnswered answered) {
      onEndAnswered(answered.run(), answered.recorded());
    } else if (event instanceof MembersChanged members) {
      onMembers(members.someLeft());
    }
  }

  private NodeTurn turn() {
    return new NodeTurn(context.nodeName, context.ranking, context.commitMillis());
  }

  private void onDue(String name) {
    CachedJob job = parts.cache.find(name);
    if (job == null || !job.commit().isIdle() || closed || !context.isConnected()) {
      return;
    }
    if (job.written() && turn().rank(job) == 0) {
      consider(name);
    } else {
      parts.cache.want(name);
    }
  }

  private void onRead(String name, boolean redefined) {
    CachedJob job = parts.cache.find(name);
    if (job == null) {
      return;
    }
    if (job.commit().isUnknown()) {
      parts.claims.resolve(job);
    }
    reportConfirmedEnd(name);
    parts.ends.onRead(name);
    cancelIfAsked(job);
    CachedJob now = reorder(name, redefined);
    if (now != null) {
      now.reading().triggers().stream()
          .filter(trigger -> now.state().hasTaken(trigger.id()))
          .forEach(taken -> parts.claims.discard(now, taken));
      consider(name);
    }
  }

  /** Reports an end that this node has written in place of another, once the state shows that it was applied. */
  private void reportConfirmedEnd(String name) {
    CachedJob job = parts.cache.find(name);
    EndRecord end = job == null ? null : job.commit().end();
    if (job == null || end == null || !job.commit().isIdle()) {
      return;
    }
    parts.cache.update(name, known -> known.withCommit(known.commit().withEnd(null)));
    if (job.state().recent().contains(end)) {
      parts.reporter.onEnded(name, end);
    } else {
      PastEnds.read(context, name, job.state(), past -> {
        if (PastEnds.endsOf(past).contains(end)) {
          parts.reporter.onEnded(name, end);
        }
      });
    }
  }

  private void cancelIfAsked(CachedJob job) {
    String asked = job.control().cancel();
    parts.runs.runs().stream()
        .filter(run -> run.claim().id().equals(asked))
        .forEach(run -> parts.runs.cancel(run, Phase.CANCELLED));
  }

  private void onUnreadable(NodeUnreadable event) {
    triggers.disarm(event.job());
    CachedJob job = parts.cache.find(event.job());
    if (event.stateKnown() && job != null) {
      parts.ends.onRead(event.job());
      cancelIfAsked(job);
    }
  }

  private void onAnswered(CommitAnswered event) {
    String name = event.job();
    if (event.result() instanceof ClaimHeld held) {
      onHeld(name, held);
    } else if (event.result() instanceof Refused) {
      parts.meters.onConflict();
      context.later(CONFLICT_MILLIS, () -> parts.cache.want(name));
    } else {
      reportOrphan(name);
      onWritten(name);
    }
  }

  private void onHeld(String name, ClaimHeld held) {
    ClaimRecord claim = held.claim();
    CachedJob job = parts.cache.find(name);
    if (job == null) {
      return;
    }
    if (claim.kind() == StateRecord.Kind.SHARDS) {
      parts.shards.look(name, claim);
      return;
    }
    long due = claim.slot().at() + (claim.manual() == null ? job.job().jitter() : 0);
    boolean stamped = held.mtime() > 0 && !context.clock.isDoubted();
    boolean completion = claim.kind() == StateRecord.Kind.COMPLETION;
    Shard shard = completion ? new Shard(0, job.job().shards(), List.of(), true) : Shard.WHOLE;
    long early = stamped && claim.manual() == null ? due - held.mtime() : 0;
    parts.starter.start(job, claim, shard, held.zxid(), early);
    onWritten(name);
  }

  /** Reports the orphan that the newest record is about, if this node has found it. */
  private void reportOrphan(String name) {
    CachedJob job = parts.cache.find(name);
    List<EndRecord> recent = job == null ? List.of() : job.state().recent();
    if (job == null || recent.isEmpty()) {
      return;
    }
    EndRecord last = recent.get(recent.size() - 1);
    if (last.outcome() == SlotOutcome.ORPHANED && job.view().absent().containsKey(last.id())) {
      parts.cache.update(name, known -> known.withoutAbsent(last.id()));
      parts.reporter.onEnded(name, last);
    }
  }

  private void onWritten(String name) {
    if (reorder(name, false) != null) {
      consider(name);
    }
  }

  private void onCodeEnded(RunEnded event) {
    LiveRun run = parts.runs.run(event.run());
    if (run == null) {
      return;
    }
    boolean lost = !context.isCurrent(run.tree()) || run.phase() == Phase.LOST;
    if (lost || parts.cache.find(run.job()) == null) {
      refuse(run);
    } else if (run.assignedShard().endsSlot()) {
      parts.ends.end(run, event.outcome(), event.error());
    } else {
      parts.shards.end(run, event.outcome(), event.error());
    }
  }

  private void onEndAnswered(String key, @Nullable RunRecord recorded) {
    LiveRun run = parts.runs.run(key);
    if (run == null) {
      return;
    }
    if (recorded == null) {
      refuse(run);
      return;
    }
    parts.runs.forget(run);
    parts.reporter.onEnded(recorded, run.trace());
    onWritten(run.job());
  }

  /** The code ended under a claim that was lost: the others may have run it meanwhile. */
  private void refuse(LiveRun run) {
    parts.runs.forget(run);
    parts.reporter.onRefused(run);
    new OverlapRecorder(context, run).write();
    parts.cache.want(run.job());
  }

  /**
   * The ranking or the clock is another. What a job has waiting was passed over as long as this node could not run it, or
   * did not know.
   */
  private void onMembers(boolean someLeft) {
    NodeTurn turn = turn();
    parts.cache.jobs().forEach(job -> withOrder(turn, job));
    triggers.armAll();
    for (CachedJob job : parts.cache.jobs()) {
      int rank = turn.rank(job);
      boolean mayNow = job.rank() < 0 && rank != job.rank();
      parts.cache.update(job.name(), known -> known.withRank(rank));
      if (rank == 0 || someLeft || mayNow) {
        long delay = rank < 0 ? 0 : turn.delay(job, context.clock.now());
        context.later(delay, () -> parts.cache.want(job.name()));
      }
    }
  }

  /** Updates the order of the nodes for a job from the claims of the last slots. */
  private void withOrder(NodeTurn turn, CachedJob job) {
    ClaimOrder order = turn.order(job, context::claimsSince);
    if (!order.equals(job.order())) {
      parts.cache.update(job.name(), known -> known.withOrder(order));
    }
  }

  /**
   * Updates the order of the nodes for a job, and arms its trigger if this node considers the job at a different time now.
   */
  private @Nullable CachedJob reorder(String name, boolean redefined) {
    CachedJob before = parts.cache.find(name);
    if (before == null) {
      return null;
    }
    NodeTurn turn = turn();
    withOrder(turn, before);
    CachedJob job = parts.cache.find(name);
    if (job != null
        && (redefined || job.timeline().isDelay() || turn.place(job) != turn.place(before))) {
      triggers.arm(job);
    }
    return job;
  }

  /** Does what there is to do for a job whose state was read, or written, just now. */
  private void consider(String name) {
    CachedJob job = parts.cache.find(name);
    if (job == null) {
      return;
    }
    boolean ready = context.clock.isKnown() && context.isConnected() && !closed;
    if (!ready || context.ranking.nodes().isEmpty()) {
      parts.cache.update(name, known -> known.withRank(CachedJob.UNSEEN));
      return;
    }
    JobDecision decision = new JobPlanner(turn(), context.clock.now(), abilities(job)).decide(job);
    parts.cache.update(name, any -> decision.job());
    decision.effects().forEach(effect -> perform(decision.job(), effect));
  }

  private Abilities abilities(CachedJob job) {
    RegisteredHandler handling = handlers.apply(job.job().handler());
    return new Abilities(
        context.settings.canGrant(),
        parts.runs.hasRoom(),
        parts.runs.hasZombie(job.name()),
        Optional.ofNullable(handling).map(RegisteredHandler::since),
        job.state().open().stream()
            .map(ClaimRecord::id)
            .filter(id -> parts.runs.run(id) != null)
            .collect(Collectors.toSet()));
  }

  private void perform(CachedJob job, JobEffect effect) {
    if (effect instanceof ReadAfter read) {
      readAfter(job.name(), read.millis());
    } else if (effect instanceof LookAtShards look) {
      parts.shards.look(job.name(), look.claim());
    } else if (effect instanceof MarkOrphaned orphaned) {
      parts.claims.markOrphaned(job, orphaned.claim());
    } else if (effect instanceof Rerun rerun) {
      parts.claims.rerun(job, rerun.claim());
    } else if (effect instanceof CancelRun cancel) {
      cancel(cancel.claim());
    } else if (effect instanceof RequestCancel request) {
      parts.claims.requestCancel(job, request.claim());
    } else if (effect instanceof Evict evict) {
      parts.claims.evict(job, evict.claim());
    } else if (effect instanceof ClaimTrigger claim) {
      parts.claims.claim(job, claim.trigger());
    } else if (effect instanceof ReportTrigger report) {
      reportTrigger(job.name(), report.trigger().id());
    } else if (effect instanceof ClaimSlot claim) {
      parts.claims.claim(job, claim.plan(), claim.slot());
    } else if (effect instanceof PassSlots pass) {
      parts.claims.pass(job, pass.plan());
    }
  }

  private void readAfter(String name, long millis) {
    if (reading.add(name)) {
      context.later(millis, () -> {
        reading.remove(name);
        parts.cache.want(name);
      });
    }
  }

  private void cancel(ClaimRecord claim) {
    LiveRun run = parts.runs.run(claim.id());
    if (run != null) {
      parts.runs.cancel(run, Phase.CANCELLED);
    }
  }

  private void reportTrigger(String job, String trigger) {
    if (reported.add(job + "/" + trigger)) {
      log.warn("job {}: trigger {} is left alone, its parameters are too large", job, trigger);
    }
  }

  /** Finds the jobs that no trigger and no notice has reported. */
  private void sweep() {
    if (closed) {
      return;
    }
    if (context.isConnected() && context.clock.isKnown()) {
      long now = context.clock.now();
      NodeTurn turn = turn();
      parts.cache.jobs().stream()
          .filter(job -> now - job.reading().at() > UNREAD_MILLIS
              && (turn.rank(job) <= 0 || turn.place(job) == 0))
          .forEach(job -> parts.cache.want(job.name()));
    }
    context.later(SWEEP_MILLIS, this::sweep);
  }

  @Override
  public void onShard(CachedJob job, ClaimRecord claim, Shard shard, int attempt, long zxid) {
    parts.starter.start(job, claim.withAttempt(attempt), shard, zxid, 0);
  }

  @Override
  public void onCompletion(CachedJob job, ClaimRecord claim, long zxid) {
    Shard shard = new Shard(0, job.job().shards(), List.of(), true);
    parts.starter.start(job, claim, shard, zxid, 0);
  }

  @Override
  public void onShardRefused(LiveRun run) {
    refuse(run);
  }

  @Override
  public void onShardEnded(String job, @Nullable LiveRun run, @Nullable RunRecord slotEnd) {
    if (run != null) {
      parts.runs.forget(run);
    }
    if (slotEnd != null) {
      parts.reporter.onEnded(slotEnd, run == null ? null : run.trace());
    }
    onWritten(job);
  }
}
