package io.zookit.scheduler.internal.state;

import io.zookit.scheduler.internal.records.JobRecord;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.Records.ControlRecord;
import io.zookit.scheduler.internal.records.Records.DefRecord;
import io.zookit.scheduler.internal.records.Records.ManualRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.records.StateRecord.EndRecord;
import io.zookit.scheduler.internal.rules.ClaimOrder;
import io.zookit.scheduler.internal.rules.Planner;
import io.zookit.scheduler.internal.rules.ScheduleTimeline;
import io.zookit.scheduler.internal.zk.SessionTree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A node's knowledge of one job. The state may be stale; every decision based on it is committed against its version.
 * Confined to the loop.
 */
public final class CachedJob {

  /** A manual trigger that no node has taken yet. */
  public record Trigger(String id, ManualRecord record) {

    /** A trigger with the transaction that made it. */
    private record Aged(long zxid, Trigger trigger) {
      long slot() {
        return trigger.record.slot().at();
      }
    }

    /** Returns the triggers that exist, oldest first. */
    static List<Trigger> read(List<String> ids, List<SessionTree.Found> read) {
      List<Aged> found = new ArrayList<>();
      for (int i = 0; i < ids.size(); i++) {
        if (read.get(i).exists()) {
          ManualRecord record = Records.read(Records.MANUAL, read.get(i).data(), ids.get(i));
          found.add(new Aged(read.get(i).zxid(), new Trigger(ids.get(i), record)));
        }
      }
      return found.stream()
          .sorted(Comparator.comparingLong(Aged::zxid).thenComparingLong(Aged::slot))
          .map(Aged::trigger)
          .toList();
    }
  }

  /** No rank yet. */
  public static final int UNSEEN = -2;

  public final String name;
  DefRecord def;
  int defVersion;
  public ScheduleTimeline timeline;
  public ControlRecord control;
  int controlVersion;
  public StateRecord state;
  public int stateVersion;
  public List<Trigger> triggers = List.of();

  /** The run nodes of open claims, as last read. */
  final Map<String, SessionTree.Found> runNodes = new HashMap<>();

  /** Claims seen open without a run node, and since when, in cluster time. */
  public final Map<String, Long> absent = new HashMap<>();

  /** A claim of this node whose commit was not answered. */
  @Nullable
  public ClaimRecord unanswered;

  /** The end that a commit of this node writes, while it is not known whether it was taken. */
  @Nullable
  public EndRecord untold;

  /** Set while the outcome of a commit is unknown, until the state has been read. */
  public boolean inDoubt;

  /** Set while the owner of a run is being requested to end it. */
  boolean asking;

  /** Cluster time of the last read. */
  public long lastRead;

  /** This node's rank at the last change of the nodes; {@link #UNSEEN} while it was read before that was known. */
  public int rank = UNSEEN;

  /** Order in which the nodes consider the job. */
  public ClaimOrder order = new ClaimOrder(List.of());

  /** Since when the definition is known that is in force, in cluster time. */
  public long definedSince;

  /** Set while another evaluation of the job is scheduled. */
  public boolean lookPending;

  /** Set while the state is the one this node wrote last, so that it need not be read before a claim. */
  public boolean own;

  /** Set if part of the job cannot be decoded, so that nothing is decided for it. */
  public boolean alone;

  /** Set while a commit is in flight or in doubt. */
  public boolean busy;

  CachedJob(String name, DefRecord def, int defVersion, ControlRecord control, StateRecord state) {
    this.name = name;
    this.def = def;
    this.defVersion = defVersion;
    this.timeline = new ScheduleTimeline(def);
    this.control = control;
    this.state = state;
  }

  public JobRecord job() {
    return def.job();
  }

  public boolean isDeleted() {
    return def.deleted();
  }

  public boolean isPresent(ClaimRecord claim) {
    SessionTree.Found node = runNodes.get(claim.id());
    return node != null && node.exists();
  }

  /** A session is over, or its connection was: what was seen may have changed. */
  void invalidate(boolean newSession) {
    own = false;
    runNodes.clear();
    asking = false;
    if (newSession) {
      rank = UNSEEN;
      absent.clear();
      busy = false;
      unanswered = null;
      inDoubt = false;
    }
  }

  /** Whatever is read next is taken, also in lower versions: these are other data. */
  void forgetVersions() {
    defVersion = -1;
    controlVersion = -1;
    stateVersion = -1;
  }

  /**
   * Returns the end whose commit was not answered, if the state read since then shows that it was applied; at most
   * once.
   */
  public Optional<EndRecord> takeUntold() {
    if (busy) {
      return Optional.empty();
    }
    EndRecord mine = untold;
    untold = null;
    return Optional.ofNullable(mine).filter(state.recent()::contains);
  }

  /** Returns what is stored of the job, as far as is known. */
  public JobSnapshot snapshot() {
    return new JobSnapshot(def, defVersion, timeline, control, controlVersion, state, stateVersion);
  }

  public Planner planner() {
    return new Planner(def.job(), timeline, control);
  }

  /** Takes a state that was read or written, unless a newer one is known. */
  public boolean take(StateRecord newer, int version) {
    if (version < stateVersion) {
      return false;
    }
    state = newer;
    stateVersion = version;
    return true;
  }
}
