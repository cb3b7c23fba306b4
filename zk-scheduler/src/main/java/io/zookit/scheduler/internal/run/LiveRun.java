package io.zookit.scheduler.internal.run;

import com.google.common.base.Ascii;
import com.google.common.base.Throwables;
import io.zookit.core.FencingToken;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.scheduler.JobRun;
import io.zookit.scheduler.internal.records.JobRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.zk.SessionTree;
import io.zookit.scheduler.time.Slot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A run of this node, from its claim to its end record.
 *
 * <pre>
 *   ON ──cancel──► CANCELLED (outcome FAILED or TIMED_OUT) ──┐
 *    ├──session lost, node removed──► LOST (no end record by this node) ─┴─► the code ends
 * </pre>
 */
public final class LiveRun implements JobRun {

  /** Reason why the code is to end; {@code ON} while it is to continue. */
  public enum Phase {
    ON,
    CANCELLED,
    TIMED_OUT,
    LOST
  }

  /** Which shard of a slot: shard 0 of 1 unless it is in shards. */
  public record Shard(int index, int total, List<String> members, boolean completion) {
    public static final Shard WHOLE = new Shard(0, 1, List.of(), false);

    /** Returns whether this shard ends its slot: it is the whole run, or the completion after the shards. */
    public boolean endsSlot() {
      return equals(WHOLE) || completion;
    }
  }

  /** Store of the progress of runs. */
  public interface CheckpointStore {
    void store(LiveRun run, byte[] data) throws InterruptedException;
  }

  private static final int MOST_TRACE = 16_384;

  private final JobRecord job;
  private final ClaimRecord claim;
  private final Shard shard;
  private final FencingToken token;
  private final SessionTree tree;
  private final ZkPath runPath;
  private final CheckpointStore progress;
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.ON);
  private final AtomicInteger tries = new AtomicInteger(1);
  private boolean codeEnded;
  private boolean seen;
  private volatile byte @Nullable [] checkpoint;
  private @Nullable String trace;

  public LiveRun(
      JobRecord job,
      ClaimRecord claim,
      Shard shard,
      FencingToken token,
      SessionTree tree,
      ZkPath runPath,
      CheckpointStore progress) {
    this.job = job;
    this.claim = claim;
    this.shard = shard;
    this.token = token;
    this.tree = tree;
    this.runPath = runPath;
    this.progress = progress;
  }

  public ClaimRecord claim() {
    return claim;
  }

  public JobRecord definition() {
    return job;
  }

  public Shard assignedShard() {
    return shard;
  }

  public SessionTree tree() {
    return tree;
  }

  public ZkPath runPath() {
    return runPath;
  }

  public Phase phase() {
    return Objects.requireNonNull(phase.get());
  }

  /** Returns whether the code should continue. */
  public boolean isWanted() {
    return phase.get() == Phase.ON;
  }

  /** The first reason wins, but a lost session outweighs all. */
  boolean toPhase(Phase next) {
    return phase.compareAndSet(Phase.ON, next) || (next == Phase.LOST && toLost());
  }

  private boolean toLost() {
    return phase.getAndSet(Phase.LOST) != Phase.LOST;
  }

  /** The code has ended for the last time; what is left is its end record. On the loop. */
  void toCodeEnded() {
    codeEnded = true;
  }

  /**
   * Returns whether the claim of this run must still exist: its code may be running, and the run is not lost yet. On
   * the loop.
   */
  boolean needsClaim() {
    return !codeEnded && phase.get() != Phase.LOST;
  }

  /** A check of all runs has found this one running. On the loop. */
  void toSeen() {
    seen = true;
  }

  /** Returns whether an earlier check found this run in progress, so that it is a lasting one. On the loop. */
  boolean isSeen() {
    return seen;
  }

  void countTry() {
    tries.incrementAndGet();
  }

  public int tries() {
    return tries.get();
  }

  /** Keeps the whole of what the code threw last. */
  void setTrace(@Nullable Throwable thrown) {
    trace = thrown == null
        ? null
        : Ascii.truncate(Throwables.getStackTraceAsString(thrown), MOST_TRACE, "…");
  }

  @Nullable
  public String trace() {
    return trace;
  }

  void setCheckpoint(byte[] data) {
    checkpoint = data;
  }

  public boolean hasCheckpoint() {
    return checkpoint != null;
  }

  @Override
  public String job() {
    return job.name();
  }

  @Override
  public Slot slot() {
    return claim.slot().toSlot();
  }

  @Override
  public Instant previousTime() {
    return Instant.ofEpochMilli(claim.from());
  }

  @Override
  public FencingToken token() {
    return token;
  }

  @Override
  public int attempt() {
    return claim.attempt() + tries.get() - 1;
  }

  @Override
  public int shard() {
    return shard.index();
  }

  @Override
  public int shards() {
    return shard.total();
  }

  @Override
  public Map<String, String> parameters() {
    Map<String, String> all = new java.util.TreeMap<>(job.parameters());
    if (claim.parameters() != null) {
      all.putAll(claim.parameters());
    }
    if (shard.index() < job.shardParameters().size()) {
      all.put("shard", job.shardParameters().get(shard.index()));
    }
    return Map.copyOf(all);
  }

  @Override
  public boolean isManual() {
    return claim.manual() != null;
  }

  @Override
  public List<String> members() {
    return shard.members();
  }

  @Override
  public boolean isValid() {
    return isWanted() && tree.isSafe();
  }

  @Override
  public Optional<byte[]> lastCheckpoint() {
    byte[] data = checkpoint;
    return data == null ? Optional.empty() : Optional.of(data.clone());
  }

  @Override
  public void checkpoint(byte[] data) throws InterruptedException {
    progress.store(this, data.clone());
  }

  @Override
  public String toString() {
    return "run of " + job.name() + " at " + claim.slot().toSlot();
  }
}
