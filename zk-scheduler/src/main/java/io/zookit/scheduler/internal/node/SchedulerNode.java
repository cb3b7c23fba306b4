package io.zookit.scheduler.internal.node;

import io.zookit.scheduler.JobHandler;
import io.zookit.scheduler.RunRecord;
import io.zookit.scheduler.SlotOutcome;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.records.StateRecord.EndRecord;
import io.zookit.scheduler.internal.run.Checkpoint;
import io.zookit.scheduler.internal.run.CompletionWriter;
import io.zookit.scheduler.internal.run.LiveRun;
import io.zookit.scheduler.internal.run.LiveRun.Phase;
import io.zookit.scheduler.internal.run.LiveRun.Shard;
import io.zookit.scheduler.internal.run.NodeMeters;
import io.zookit.scheduler.internal.run.OverlapRecorder;
import io.zookit.scheduler.internal.run.RegisteredHandler;
import io.zookit.scheduler.internal.run.RunExecutor;
import io.zookit.scheduler.internal.run.RunStarter;
import io.zookit.scheduler.internal.run.RunningJobs;
import io.zookit.scheduler.internal.state.CachedJob;
import io.zookit.scheduler.internal.state.JobCache;
import io.zookit.scheduler.internal.state.NodeContext;
import io.zookit.scheduler.internal.state.SlotClaimer;
import io.zookit.scheduler.internal.zk.Batcher;
import io.zookit.scheduler.internal.zk.SessionTree;
import io.zookit.scheduler.trigger.TriggerEngine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler node: knows the jobs, is woken when they are due, claims, runs and ends.
 *
 * <p>Its components: {@link ClusterMembership} (membership and cluster time), {@link JobCache} (the jobs), {@link
 * DueJobDispatcher} (decides when to evaluate a job and dispatches the result), {@link SlotClaimer} and {@link
 * ShardCoordinator} (claims), {@link RunningJobs} (code), {@link CompletionWriter} (ends). All of them are confined to one
 * loop and access ZooKeeper through a {@link SessionTree}.
 */
final class SchedulerNode {

  private static final long ANSWER_NANOS = 2_000_000_000L;

  private final NodeContext context;
  private final ClusterMembership members;
  private final JobCache book;
  private final SlotClaimer claims;
  private final RunningJobs runs;
  private final CompletionWriter finish;
  private final ShardCoordinator shards;
  private final DueJobDispatcher looks;
  private final NodeMeters meters;
  private final RunStarter starter;
  private final Map<String, RegisteredHandler> handlers = new HashMap<>();
  private boolean draining;
  private long drainedAt;
  private boolean started;
  private boolean closed;

  SchedulerNode(
      NodeContext context, TriggerEngine engine, RunExecutor executor, Supplier<String> ids) {
    this.context = context;
    this.members = new ClusterMembership(context, ids, this::onMembers);
    this.book = new JobCache(context, new BookListener());
    this.claims = new SlotClaimer(context, ids, new ClaimListener());
    this.runs = new RunningJobs(context, executor, this::storeCheckpoint, this::onCodeEnded);
    this.finish = new CompletionWriter(context, book, new FinishListener());
    this.shards = new ShardCoordinator(context, claims, runs, book, new ShardListener());
    this.looks = new DueJobDispatcher(context, engine, book, claims, runs, shards, this::handling);
    this.meters = new NodeMeters(context, runs);
    this.starter =
        new RunStarter(context, book, runs, meters, name -> closed ? null : handlers.get(name));
  }

  /** A session is connected: a new one, or the one that was. */
  void onConnected(SessionTree tree) {
    if (closed && !tree.equals(context.tree)) {
      return; // nothing in that session is this node's
    }
    context.connection++;
    if (tree.equals(context.tree)) {
      context.batcher = new Batcher(tree, context::gathered);
      members.onReconnected(tree);
      book.onReconnected(tree);
      shards.onReconnected();
      finish.onReconnected();
      book.entries().stream()
          .filter(entry -> entry.inDoubt)
          .forEach(entry -> book.want(entry.name));
    } else {
      context.tree = tree;
      context.batcher = new Batcher(tree, context::gathered);
      members.onSession(tree, versions(), draining);
      book.onSession(tree);
    }
    long now = context.clock.isKnown() ? context.clock.now() : 0;
    handlers.replaceAll((name, each) -> new RegisteredHandler(each.handler(), each.version(), now));
    if (!started) {
      started = true;
      looks.start();
    }
  }

  /** Called when the connection breaks: notifies the runs once the session may be over. */
  void onSuspect(SessionTree tree) {
    context.later(tree.remaining() / 1_000_000 + 1, () -> {
      if (!context.isCurrent(tree)) {
        return;
      }
      if (tree.remaining() <= 0) {
        runs.runs().stream()
            .filter(run -> run.tree().equals(tree))
            .forEach(run -> runs.cancel(run, Phase.CANCELLED));
      } else if (!tree.isConnected()) {
        onSuspect(tree); // it was connected meanwhile, and has longer now
      }
    });
  }

  void onLost(SessionTree tree) {
    if (context.isCurrent(tree)) {
      context.tree = null;
      context.batcher = null;
      runs.onLost(tree);
      finish.onLost();
      shards.onLost();
      book.onLost();
    }
  }

  void handle(String name, int version, JobHandler handler) {
    if (handlers.containsKey(name)) {
      throw new IllegalStateException("handler " + name + ": is registered already");
    }
    long since = context.clock.isKnown() ? context.clock.now() : 0;
    handlers.put(name, new RegisteredHandler(handler, version, since));
    members.publish(versions(), draining);
  }

  void unhandle(String name) {
    handlers.remove(name);
    members.publish(versions(), draining);
  }

  private Map<String, Integer> versions() {
    Map<String, Integer> versions = new HashMap<>();
    handlers.forEach((name, each) -> versions.put(name, each.version()));
    return versions;
  }

  private @Nullable RegisteredHandler handling(String name) {
    return draining ? null : handlers.get(name);
  }

  /** Claims nothing any more, and tells the others. */
  void drain() {
    draining = true;
    drainedAt = context.timekeeper.nanos();
    runs.stop();
    members.publish(versions(), true);
  }

  /**
   * Returns whether nothing is run and no claim needs to be awaited: claims are not awaited without a connection, nor
   * for long on one that is silent. A claim that is answered later is still ended by this node.
   */
  boolean isIdle() {
    boolean overdue = context.timekeeper.nanos() - drainedAt > ANSWER_NANOS;
    return runs.count() == 0 && (overdue || !context.isConnected() || !isClaiming());
  }

  private boolean isClaiming() {
    return book.entries().stream().anyMatch(entry -> entry.unanswered != null)
        || !context.isSettled();
  }

  /** Returns whether a closed node cannot leave before its connection is back, or before a run ends that does not. */
  boolean isHeldUp() {
    return !context.isConnected() || (members.hasLeft() && runs.count() > 0);
  }

  /** Returns whether a closed node has nothing left in its session. */
  boolean hasLeft() {
    return context.tree == null || (members.hasLeft() && runs.count() == 0 && !isClaiming());
  }

  /** Returns this node's knowledge of a job, for failure messages. */
  String describe(String job) {
    CachedJob entry = book.entry(job);
    return entry == null
        ? "unknown"
        : String.format(
            "rank=%d connected=%s clock=%d(%s) busy=%s inDoubt=%s own=%s read=%d version=%d open=%s runs=%s",
            context.ranking.rank(context.nodeName, entry.job()),
            context.isConnected(),
            context.clock.now(),
            context.clock.isDoubted() ? "doubted" : "believed",
            entry.busy,
            entry.inDoubt,
            entry.own,
            entry.lastRead,
            entry.stateVersion,
            entry.state.open(),
            runs.runs());
  }

  void interruptRuns() {
    runs.interruptAll();
  }

  /** DueJobDispatcher at no job any more and leaves the others; what is still on has its end in this session. */
  void close() {
    closed = true;
    looks.close();
    meters.close();
    members.leave();
  }

  /** Nothing is on any more, or nothing can be done about it. */
  void end() {
    runs.close();
    context.tree = null;
    context.batcher = null;
  }

  /**
   * Called when the membership changes, and when this node learns the time; the handlers it already has count from
   * then.
   */
  private void onMembers(boolean somebodyLeft) {
    if (context.clock.isKnown()) {
      context.noteNodes();
      long now = context.clock.now();
      handlers.replaceAll((name, each) ->
          each.since() == 0 ? new RegisteredHandler(each.handler(), each.version(), now) : each);
    }
    looks.onMembers(somebodyLeft);
  }

  private void onCodeEnded(LiveRun run, SlotOutcome outcome, @Nullable String error) {
    CachedJob entry = book.entry(run.job());
    if (entry == null || !context.isCurrent(run.tree()) || run.phase() == Phase.LOST) {
      refused(run);
    } else if (run.assignedShard().endsSlot()) {
      finish.end(entry, run, outcome, error);
    } else {
      shards.end(entry, run, outcome, error);
    }
  }

  /** The code ended under a claim that was lost: the others may have run it meanwhile. */
  private void refused(LiveRun run) {
    runs.forget(run);
    meters.onRefused();
    context.settings.observers().publish(observer -> observer.onRefused(run.job(), run.slot()));
    new OverlapRecorder(context, run).write();
    book.want(run.job());
  }

  private void storeCheckpoint(LiveRun run, byte[] data) throws InterruptedException {
    new Checkpoint(context, book, run).store(data);
  }

  /** Tells an end that was written in another's place, or for all shards. */
  private void tellEnd(CachedJob entry, EndRecord end) {
    RunRecord record = end.toRun(entry.name, null);
    if (end.outcome() == SlotOutcome.ORPHANED) {
      meters.onOrphaned();
    } else {
      meters.onEnded(record);
    }
    tellEnd(record, null);
  }

  private void tellEnd(RunRecord record, @Nullable String trace) {
    RunRecord kept = trace == null ? record : withTrace(record, trace);
    context.settings.history().publish(sink -> sink.append(kept));
    context
        .settings
        .observers()
        .publish(
            record.outcome() == SlotOutcome.ORPHANED
                ? observer -> observer.onOrphaned(record)
                : observer -> observer.onEnded(record));
  }

  private static RunRecord withTrace(RunRecord run, String trace) {
    return new RunRecord(
        run.job(),
        run.id(),
        run.slot(),
        run.manual(),
        run.node(),
        run.attempt(),
        run.start(),
        run.end(),
        run.outcome(),
        run.overlapSuspected(),
        trace);
  }

  private final class BookListener implements JobCache.Listener {

    @Override
    public void onRead(CachedJob entry, boolean changed) {
      if (entry.inDoubt) {
        claims.resolve(entry);
      }
      entry.takeUntold().ifPresent(end -> tellEnd(entry, end));
      finish.onRead(entry);
      cancelIfAsked(entry);
      looks.onRead(entry, changed);
    }

    @Override
    public void onGone(String name) {
      looks.onGone(name);
    }

    @Override
    public void onLeftAlone(CachedJob entry, boolean stateKnown) {
      looks.onGone(entry.name);
      if (stateKnown) {
        finish.onRead(entry);
        cancelIfAsked(entry);
      }
    }

    private void cancelIfAsked(CachedJob entry) {
      String asked = entry.control.cancel();
      if (asked == null) {
        return;
      }
      for (LiveRun run : runs.runs()) {
        if (run.claim().id().equals(asked)) {
          runs.cancel(run, Phase.CANCELLED);
        }
      }
    }
  }

  private final class ClaimListener implements SlotClaimer.Listener {

    @Override
    public void onMine(CachedJob entry, ClaimRecord claim, long zxid, long stamp) {
      if (claim.kind() == StateRecord.Kind.SHARDS) {
        shards.look(entry, claim);
        return;
      }
      long due = claim.slot().at() + (claim.manual() == null ? entry.job().jitter() : 0);
      boolean stamped = stamp > 0 && !context.clock.isDoubted();
      boolean completion = claim.kind() == StateRecord.Kind.COMPLETION;
      Shard shard = completion ? new Shard(0, entry.job().shards(), List.of(), true) : Shard.WHOLE;
      starter.start(entry, claim, shard, zxid, stamped && claim.manual() == null ? due - stamp : 0);
      looks.onWritten(entry);
    }

    @Override
    public void onWritten(CachedJob entry) {
      entry.state.recent().stream()
          .skip(Math.max(0, entry.state.recent().size() - 1))
          .filter(last ->
              last.outcome() == SlotOutcome.ORPHANED && entry.absent.remove(last.id()) != null)
          .forEach(last -> tellEnd(entry, last));
      looks.onWritten(entry);
    }

    @Override
    public void onRefused(CachedJob entry) {
      meters.onConflict();
      context.later(25, () -> book.want(entry.name));
    }
  }

  private final class FinishListener implements CompletionWriter.Listener {

    @Override
    public void onEnded(CachedJob entry, LiveRun run, RunRecord record) {
      runs.forget(run);
      meters.onEnded(record);
      tellEnd(record, run.trace());
      looks.onWritten(entry);
    }

    @Override
    public void onRefused(LiveRun run) {
      refused(run);
    }
  }

  private final class ShardListener implements ShardCoordinator.Listener {

    @Override
    public void onShard(CachedJob entry, ClaimRecord claim, Shard shard, int attempt, long zxid) {
      starter.start(entry, claim.withAttempt(attempt), shard, zxid, 0);
    }

    @Override
    public void onCompletion(CachedJob entry, ClaimRecord claim, long zxid) {
      Shard shard = new Shard(0, entry.job().shards(), List.of(), true);
      starter.start(entry, claim, shard, zxid, 0);
    }

    @Override
    public void onShardRefused(LiveRun run) {
      refused(run);
    }

    @Override
    public void onShardEnded(CachedJob entry, @Nullable LiveRun run, @Nullable RunRecord slotEnd) {
      if (run != null) {
        runs.forget(run);
      }
      if (slotEnd != null) {
        meters.onEnded(slotEnd);
        tellEnd(slotEnd, run == null ? null : run.trace());
      }
      looks.onWritten(entry);
    }
  }
}
