package io.zookit.scheduler.internal.state;

import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import io.zookit.scheduler.JobMode;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.records.JobRecord;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.Records.ControlRecord;
import io.zookit.scheduler.internal.records.SlotRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.records.StateRecord.Kind;
import io.zookit.scheduler.internal.rules.Plan;
import io.zookit.scheduler.internal.rules.Planner;
import io.zookit.scheduler.internal.state.CachedJob.Trigger;
import io.zookit.scheduler.internal.state.JobEvent.CommitAnswered;
import io.zookit.scheduler.internal.state.JobEvent.CommitResult;
import io.zookit.scheduler.internal.state.JobEvent.CommitResult.ClaimHeld;
import io.zookit.scheduler.internal.state.JobEvent.CommitResult.Refused;
import io.zookit.scheduler.internal.state.JobEvent.CommitResult.StateWritten;
import io.zookit.scheduler.internal.zk.SessionTree;
import io.zookit.scheduler.internal.zk.SessionTree.Stamp;
import io.zookit.scheduler.internal.zk.SessionTree.WriteOp;
import io.zookit.scheduler.time.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends the transactions by which this node claims, passes and orphans slots, as {@link JobStateWriter} forms them.
 *
 * <p>There is at most one for a job at a time. When its answer is lost the job stays busy until the state has been read
 * behind a {@code sync}. Confined to the loop.
 */
public final class SlotClaimer {

  private final NodeContext context;
  private final JobCache cache;
  private final Supplier<String> ids;
  private final Consumer<JobEvent> events;
  private final JobStateWriter writer;

  /**
   * Creates a claimer.
   *
   * @param ids creates the ids of claims
   * @param events receives the answers of commits
   */
  public SlotClaimer(
      NodeContext context, JobCache cache, Supplier<String> ids, Consumer<JobEvent> events) {
    this.context = context;
    this.cache = cache;
    this.ids = ids;
    this.events = events;
    this.writer = new JobStateWriter(context.paths, context.settings.label());
  }

  public String newId() {
    return ids.get();
  }

  /** Claims the slot of a plan. */
  public void claim(CachedJob job, Plan plan, Slot slot) {
    count(plan);
    ClaimRecord claim =
        newClaim(job.job(), kindOf(job), SlotRecord.of(slot), null, plan.from(), Map.of());
    open(job, plan.state(), claim, List.of());
  }

  /** Takes away a trigger that came after its run; it would be run again when the ledger has forgotten that. */
  public void discard(CachedJob job, Trigger taken) {
    ZkPath node = context.paths.manual(job.name()).own(taken.id());
    context.commit(
        List.of(
            new WriteOp.Check(context.paths.state(job.name()), job.stateVersion()),
            new WriteOp.Drop(node, -1)),
        done -> {}); // refused, it is tried again when the job is read again
  }

  /** Claims a manually triggered run. */
  public void claim(CachedJob job, Trigger trigger) {
    SlotRecord slot = trigger.record().slot();
    ClaimRecord claim = newClaim(
        job.job(), kindOf(job), slot, trigger.id(), slot.at(), trigger.record().parameters());
    ZkPath node = context.paths.manual(job.name()).own(trigger.id());
    open(job, job.state(), claim, List.of(new WriteOp.Drop(node, -1)));
  }

  private static Kind kindOf(CachedJob job) {
    return job.job().mode() == JobMode.EXCLUSIVE ? Kind.RUN : Kind.SHARDS;
  }

  private ClaimRecord newClaim(
      JobRecord definition,
      Kind kind,
      SlotRecord slot,
      @Nullable String manual,
      long from,
      Map<String, String> parameters) {
    return new ClaimRecord(
        ids.get(),
        kind,
        slot,
        manual,
        context.settings.label(),
        1,
        context.clock.now(),
        from,
        parameters.isEmpty() ? null : parameters,
        null,
        definition.overlaps(),
        context.nodeName);
  }

  private void open(CachedJob job, StateRecord planned, ClaimRecord claim, List<WriteOp> more) {
    List<String> members =
        claim.kind() == Kind.SHARDS ? context.ranking.capable(job.job()) : List.of();
    commit(job, writer.claim(job.stored(), planned, claim, members, more));
  }

  /** Records the outcomes of slots that are not run. */
  public void pass(CachedJob job, Plan plan) {
    count(plan);
    commit(job, writer.pass(job.stored(), plan.state()));
  }

  private void count(Plan plan) {
    if (plan.passed() > 0) {
      context.settings.meters().count("zookit.scheduler.passed", plan.passed());
      context.settings.meters().count("zookit.scheduler.missed", plan.missed());
    }
  }

  /** Runs again what a dead node has left. */
  public void rerun(CachedJob job, ClaimRecord orphan) {
    ClaimRecord again = orphan.again(ids.get(), context.settings.label(), context.clock.now());
    commit(job, writer.rerun(job.stored(), orphan, again));
  }

  /**
   * Finds the obsolete nodes that a claim leaves behind and passes the operations that delete them to {@code next}. If
   * they cannot be read, or the claim has disappeared meanwhile, the job is read again instead.
   */
  private void withLeftovers(
      CachedJob job, ClaimRecord claim, BiConsumer<CachedJob, List<WriteOp>> next) {
    SessionTree tree = context.tree;
    if (tree == null) {
      return;
    }
    List<ZkPath> left = new ArrayList<>(List.of(context.paths.checkpoint(job.name(), claim)));
    if (claim.kind() == StateRecord.Kind.COMPLETION) {
      left.add(context.paths.shards(job.name(), claim));
    }
    cache.update(job.name(), known -> known.withCommit(known.commit().toPending(null)));
    tree.read(left, read -> {
      if (!context.isCurrent(tree)) {
        return;
      }
      CachedJob now =
          cache.update(job.name(), known -> known.withCommit(known.commit().toIdle()));
      if (now == null || !read.isOk() || now.state().claim(claim.id()).isEmpty()) {
        answer(job.name(), new Refused());
        return;
      }
      List<WriteOp> drops = new ArrayList<>();
      for (int i = 0; i < left.size(); i++) {
        if (read.get().get(i).exists()) {
          drops.add(new WriteOp.Drop(left.get(i), -1));
        }
      }
      next.accept(now, drops);
    });
  }

  /** Records that a dead node has left a run; making its run node proves that there was none. */
  public void markOrphaned(CachedJob job, ClaimRecord orphan) {
    withLeftovers(job, orphan, (now, drops) -> markOrphaned(now, orphan, drops));
  }

  private void markOrphaned(CachedJob job, ClaimRecord orphan, List<WriteOp> drops) {
    StateChange change = writer.orphan(job.stored(), List.of(orphan), drops, context.clock.now());
    cache.update(
        job.name(),
        known -> known.withCommit(known.commit().withEnd(change.endOf(orphan).orElse(null))));
    commit(job, change);
  }

  /** Takes the place of a run that does not end. */
  public void evict(CachedJob job, ClaimRecord old) {
    withLeftovers(job, old, (now, drops) -> evict(now, old, drops));
  }

  private void evict(CachedJob job, ClaimRecord old, List<WriteOp> drops) {
    Planner planner = job.planner();
    long now = context.clock.now();
    StateRecord ended = planner.end(job.state(), old, SlotOutcome.FAILED, StateRecord.EVICTED, now);
    Plan plan = planner.plan(ended, now, true, now);
    Slot slot = plan.start();
    if (slot == null) {
      return;
    }
    ClaimRecord claim =
        newClaim(job.job(), Kind.RUN, SlotRecord.of(slot), null, plan.from(), Map.of());
    commit(job, writer.evict(job.stored(), old, plan.state(), claim, drops));
  }

  /** Asks the owner of a run to end it. */
  public void requestCancel(CachedJob job, ClaimRecord claim) {
    if (job.cancelling()) {
      return;
    }
    cache.update(job.name(), known -> known.withCancelling(true));
    ControlRecord control =
        new ControlRecord(claim.id(), context.clock.now(), job.control().pauses());
    ChangeNotification.of(context, job.name(), changes -> {
      changes.add(
          0,
          new WriteOp.Put(
              context.paths.ctl(job.name()),
              Records.CONTROL.encode(control),
              job.stored().controlVersion()));
      context.commit(changes, done -> {
        cache.update(job.name(), known -> known.withCancelling(false));
        answer(job.name(), new Refused());
      });
    });
  }

  private void commit(CachedJob job, StateChange change) {
    SessionTree tree = context.tree;
    cache.update(job.name(), known -> known.withCommit(known.commit().toPending(change.claim())));
    context.commit(change.operations(), answer -> {
      if (tree != null && context.isCurrent(tree)) {
        onAnswer(job.name(), change, answer);
      }
    });
  }

  private void onAnswer(String job, StateChange change, Answer<List<Stamp>> answer) {
    if (!answer.isAnswered() && answer.sent()) {
      cache.update(job, known -> known.withCommit(known.commit().toUnknown()));
      return;
    }
    cache.update(job, known -> known.withCommit(CommitState.NONE));
    if (!answer.isOk()) {
      cache.update(job, known -> known.withWritten(false));
      answer(job, new Refused());
      return;
    }
    Stamp stamp = answer.get().get(0);
    cache.update(job, known -> known.withWrittenState(change.next(), stamp.version()));
    ClaimRecord claim = change.claim();
    answer(
        job,
        claim == null ? new StateWritten() : new ClaimHeld(claim, stamp.zxid(), stamp.mtime()));
  }

  private void answer(String job, CommitResult result) {
    events.accept(new CommitAnswered(job, result));
  }

  /** The job was read after a lost answer: now it is known what became of the commit. */
  public void resolve(CachedJob job) {
    ClaimRecord claim = job.commit().claim();
    cache.update(job.name(), known -> known.withCommit(known.commit().toIdle()));
    if (claim == null) {
      return;
    }
    SessionTree.Found node = job.reading().runNodes().get(claim.id());
    if (JobStateWriter.isHeld(job.state(), claim, node)) {
      SessionTree.Found run =
          node != null && claim.kind() != Kind.SHARDS ? node : SessionTree.Found.ABSENT;
      answer(job.name(), new ClaimHeld(claim, run.zxid(), run.mtime()));
    }
  }
}
