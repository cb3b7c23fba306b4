package io.zookit.scheduler.internal.run;

import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.internal.state.CachedJob;
import io.zookit.scheduler.internal.state.JobCache;
import io.zookit.scheduler.internal.state.NodeContext;
import io.zookit.scheduler.internal.zk.SessionTree.WriteOp;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.zookeeper.KeeperException.Code;

/**
 * Stores the progress of a run under its claim: {@code put(progress) check(state)}, with the claim in that state.
 *
 * <p>Of a slot in shards the state does not change with the shards, but the claim of the whole is checked all the same.
 */
public record Checkpoint(NodeContext context, JobCache cache, LiveRun run) {

  private static final int MOST_BYTES = 64 * 1024;
  private static final int TRIES = 8;
  private static final long RETRY_MILLIS = 200;
  private static final long PATIENCE_SECONDS = 15;

  private ZkPath path() {
    return run.assignedShard().endsSlot()
        ? context.paths.checkpoint(run.job(), run.claim())
        : context.paths.checkpoint(run.job(), run.claim(), run.assignedShard().index());
  }

  /** Takes up what an earlier attempt has stored; asks until it is answered or the session is over. */
  void restore(Runnable known, Runnable lost) {
    if (!context.isCurrent(run.tree())) {
      lost.run();
      return;
    }
    run.tree().read(List.of(path()), read -> {
      if (!read.isOk()) {
        context.later(RETRY_MILLIS, () -> restore(known, lost));
        return;
      }
      if (read.get().get(0).exists()) {
        run.setCheckpoint(read.get().get(0).data());
      }
      known.run();
    });
  }

  public void store(byte[] data) throws InterruptedException {
    if (data.length > MOST_BYTES) {
      throw new IllegalArgumentException(
          "checkpoint: " + data.length + " bytes (expected: at most " + MOST_BYTES + ")");
    }
    CompletableFuture<Void> stored = new CompletableFuture<>();
    context.loop.execute(() -> attempt(data, stored, 0));
    try {
      stored.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new ZkUnavailableException(
          run + ": ZooKeeper did not answer in time, the checkpoint may be stored or not", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ZkException known) {
        known.setStackTrace(Thread.currentThread().getStackTrace());
        throw known;
      }
      throw new IllegalStateException("a checkpoint failed in an unknown way", e);
    }
  }

  private void attempt(byte[] data, CompletableFuture<Void> stored, int tries) {
    CachedJob job = cache.find(run.job());
    boolean mine = job != null
        && run.isWanted()
        && context.isCurrent(run.tree())
        && job.state().claim(run.claim().id()).isPresent();
    if (job == null || !mine || tries == TRIES) {
      stored.completeExceptionally(
          new ZkException(run + ": the claim is lost, the checkpoint was not stored"));
      return;
    }
    WriteOp write = run.hasCheckpoint()
        ? new WriteOp.Put(path(), data, -1)
        : new WriteOp.Make(path(), data, false);
    WriteOp check = new WriteOp.Check(context.paths.state(job.name()), job.stateVersion());
    context.commit(List.of(write, check), answer -> {
      if (answer.isOk()) {
        run.setCheckpoint(data);
        stored.complete(null);
        return;
      }
      if (answer.code() == Code.NODEEXISTS) {
        run.setCheckpoint(data);
      }
      cache.want(job.name());
      context.later(RETRY_MILLIS, () -> attempt(data, stored, tries + 1));
    });
  }
}
