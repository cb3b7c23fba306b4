package io.zookit.scheduler.internal.run;

import io.zookit.core.ZkException;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.JobHandler;
import io.zookit.scheduler.internal.records.JobRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.run.LiveRun.Shard;
import io.zookit.scheduler.internal.state.CachedJob;
import io.zookit.scheduler.internal.state.JobCache;
import io.zookit.scheduler.internal.state.NodeContext;
import io.zookit.scheduler.internal.state.NodeSettings.Grant;
import io.zookit.scheduler.internal.zk.SessionTree;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Creates a run from a claim that is certainly this node's, and starts its code with the progress of the previous
 * attempt.
 */
public final class RunStarter {

  private final NodeContext context;
  private final JobCache cache;
  private final RunningJobs runs;
  private final NodeMeters meters;
  private final Function<String, @Nullable RegisteredHandler> handlers;

  public RunStarter(
      NodeContext context,
      JobCache cache,
      RunningJobs runs,
      NodeMeters meters,
      Function<String, @Nullable RegisteredHandler> handlers) {
    this.context = context;
    this.cache = cache;
    this.runs = runs;
    this.meters = meters;
    this.handlers = handlers;
  }

  /** Starts a claim, or a shard of one, unless it is on already; not before its time. */
  public void start(CachedJob job, ClaimRecord claim, Shard shard, long zxid, long early) {
    SessionTree tree = context.tree;
    if (tree == null || runs.run(RunningJobs.keyOf(claim, shard)) != null) {
      return;
    }
    Grant grant = Grant.of(context.settings.tokens(), zxid);
    ZkPath node = shard.endsSlot()
        ? context.paths.run(job.job(), claim)
        : context.paths.shards(job.name(), claim).own("run-" + shard.index());
    LiveRun run = new LiveRun(job.job(), claim, shard, grant.token(), tree, node, runs.progress());
    JobHandler code = codeOf(job.job(), grant.refusal());
    runs.admit(run);
    meters.onClaimed(job.job(), claim);
    context.settings.observers().publish(observer -> observer.onClaimed(job.name(), run.slot()));
    Runnable begin = () -> runs.start(run, code, early);
    if (claim.attempt() == 1 && shard.equals(Shard.WHOLE)) {
      begin.run();
    } else {
      new Checkpoint(context, cache, run).restore(begin, () -> giveUp(run));
    }
  }

  /** The session was lost before the code began. */
  private void giveUp(LiveRun run) {
    runs.forget(run);
    meters.onRefused();
    cache.want(run.job());
  }

  /** The code of a job; without a token, or without a handler by now, the run fails. */
  private JobHandler codeOf(JobRecord job, @Nullable ZkException refusal) {
    RegisteredHandler handling = handlers.apply(job.handler());
    if (refusal != null) {
      return run -> {
        throw refusal;
      };
    }
    if (handling != null) {
      return handling.handler();
    }
    return run -> {
      throw new IllegalStateException("the handler was unregistered, or the node closed");
    };
  }
}
