package io.zookit.scheduler.internal.node;

import io.zookit.scheduler.JobHandler;
import io.zookit.scheduler.internal.run.Checkpoint;
import io.zookit.scheduler.internal.run.CompletionWriter;
import io.zookit.scheduler.internal.run.LiveRun;
import io.zookit.scheduler.internal.run.LiveRun.Phase;
import io.zookit.scheduler.internal.run.NodeMeters;
import io.zookit.scheduler.internal.run.RegisteredHandler;
import io.zookit.scheduler.internal.run.RunExecutor;
import io.zookit.scheduler.internal.run.RunReporter;
import io.zookit.scheduler.internal.run.RunStarter;
import io.zookit.scheduler.internal.run.RunningJobs;
import io.zookit.scheduler.internal.state.CachedJob;
import io.zookit.scheduler.internal.state.JobCache;
import io.zookit.scheduler.internal.state.JobEvent;
import io.zookit.scheduler.internal.state.JobEvent.MembersChanged;
import io.zookit.scheduler.internal.state.NodeContext;
import io.zookit.scheduler.internal.state.SlotClaimer;
import io.zookit.scheduler.internal.zk.Batcher;
import io.zookit.scheduler.internal.zk.SessionTree;
import io.zookit.scheduler.trigger.TriggerEngine;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler node: knows the jobs, is woken when they are due, claims, runs and ends.
 *
 * <p>Its components: {@link ClusterMembership} (membership and cluster time), {@link JobCache} (the jobs, as immutable
 * values), {@link JobLoop} (takes events, decides by {@link JobPlanner} and performs the effects), {@link SlotClaimer} and
 * {@link ShardCoordinator} (claims), {@link RunningJobs} (code), {@link CompletionWriter} (ends). All of them are confined
 * to one loop and access ZooKeeper through a {@link SessionTree}.
 */
final class SchedulerNode {

  private static final long ANSWER_NANOS = 2_000_000_000L;

  private final NodeContext context;
  private final ClusterMembership members;
  private final JobCache cache;
  private final RunningJobs runs;
  private final CompletionWriter ends;
  private final ShardCoordinator shards;
  private final NodeMeters meters;
  private final JobLoop jobs;
  private final Map<String, RegisteredHandler> handlers = new HashMap<>();
  private boolean draining;
  private long drainedAt;
  private boolean started;
  private boolean closed;

  SchedulerNode(
      NodeContext context, TriggerEngine engine, RunExecutor executor, Supplier<String> ids) {
    this.context = context;
    this.members = new ClusterMembership(context, ids, this::on);
    this.cache = new JobCache(context, this::on);
    this.runs = new RunningJobs(context, executor, this::storeCheckpoint, this::on);
    this.ends = new CompletionWriter(context, cache, this::on);
    SlotClaimer claims = new SlotClaimer(context, cache, ids, this::on);
    this.shards = new ShardCoordinator(context, claims, runs, cache, this::jobs);
    this.meters = new NodeMeters(context, runs);
    RunStarter starter =
        new RunStarter(context, cache, runs, meters, name -> closed ? null : handlers.get(name));
    RunReporter reporter = new RunReporter(context, meters);
    this.jobs = new JobLoop(
        context,
        engine,
        new JobLoop.Parts(cache, claims, runs, starter, ends, shards, reporter, meters),
        this::handling);
  }

  private JobLoop jobs() {
    return jobs;
  }

  /** Handles an event; those of the membership concern the handlers, too. */
  private void on(JobEvent event) {
    if (event instanceof MembersChanged && context.clock.isKnown()) {
      context.noteNodes();
      long now = context.clock.now();
      // handlers that were registered before the time was known count from now
      handlers.replaceAll((name, each) ->
          each.since() == 0 ? new RegisteredHandler(each.handler(), each.version(), now) : each);
    }
    jobs.on(event);
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
      cache.onReconnected(tree);
      shards.onReconnected();
      ends.onReconnected();
      cache.jobs().stream()
          .filter(job -> job.commit().isUnknown())
          .forEach(job -> cache.want(job.name()));
    } else {
      context.tree = tree;
      context.batcher = new Batcher(tree, context::gathered);
      members.onSession(tree, versions(), draining);
      cache.onSession(tree);
    }
    long now = context.clock.isKnown() ? context.clock.now() : 0;
    handlers.replaceAll((name, each) -> new RegisteredHandler(each.handler(), each.version(), now));
    if (!started) {
      started = true;
      jobs.start();
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
      context.closeWatches();
      runs.onLost(tree);
      ends.onLost();
      shards.onLost();
      cache.onLost();
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
    return cache.jobs().stream().anyMatch(job -> job.commit().claim() != null)
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
  String describe(String name) {
    CachedJob job = cache.find(name);
    return job == null
        ? "unknown"
        : String.format(
            "rank=%d connected=%s clock=%d(%s) commit=%s written=%s read=%d version=%d open=%s runs=%s",
            context.ranking.rank(context.nodeName, job.job()),
            context.isConnected(),
            context.clock.now(),
            context.clock.isDoubted() ? "doubted" : "believed",
            job.commit().phase(),
            job.written(),
            job.reading().at(),
            job.stateVersion(),
            job.state().open(),
            runs.runs());
  }

  void interruptRuns() {
    runs.interruptAll();
  }

  /** Considers no job any more and leaves the other nodes; runs that are in progress still end in this session. */
  void close() {
    closed = true;
    jobs.close();
    meters.close();
    members.leave();
  }

  /** Nothing is on any more, or nothing can be done about it. */
  void end() {
    runs.close();
    context.closeWatches();
    context.tree = null;
    context.batcher = null;
  }

  private void storeCheckpoint(LiveRun run, byte[] data) throws InterruptedException {
    new Checkpoint(context, cache, run).store(data);
  }
}
