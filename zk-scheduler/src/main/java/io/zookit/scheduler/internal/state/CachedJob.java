package io.zookit.scheduler.internal.state;

import io.zookit.scheduler.internal.records.JobRecord;
import io.zookit.scheduler.internal.records.Records;
import io.zookit.scheduler.internal.records.Records.ControlRecord;
import io.zookit.scheduler.internal.records.Records.ManualRecord;
import io.zookit.scheduler.internal.records.StateRecord;
import io.zookit.scheduler.internal.records.StateRecord.ClaimRecord;
import io.zookit.scheduler.internal.rules.ClaimOrder;
import io.zookit.scheduler.internal.rules.Planner;
import io.zookit.scheduler.internal.rules.ScheduleTimeline;
import io.zookit.scheduler.internal.zk.SessionTree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A node's knowledge of one job: immutable, replaced in {@link JobCache}. The state may be stale; every decision based on
 * it is committed against its version.
 *
 * @param stored what is stored of the job, as far as is known
 * @param reading what was read next to it
 * @param view what this node has concluded from its own observations
 * @param commit this node's commit on the state
 * @param readable false if a part of the job cannot be decoded, so that nothing is decided for it
 * @param written whether the state is the one that this node wrote last, so that it need not be read before a claim
 * @param cancelling whether a request to the owner of a run to end it is under way
 */
public record CachedJob(
    JobSnapshot stored,
    ObservedNodes reading,
    NodeView view,
    CommitState commit,
    boolean readable,
    boolean written,
    boolean cancelling) {

  /** The rank of a node that has not looked at the job since it knows its rank. */
  public static final int UNSEEN = -2;

  /**
   * The nodes of a job that exist only at times.
   *
   * @param triggers the manual triggers that no node has taken, oldest first
   * @param runNodes the run nodes of open claims, by claim
   * @param at cluster time of the last read
   */
  public record ObservedNodes(
      List<Trigger> triggers, Map<String, SessionTree.Found> runNodes, long at) {

    static final ObservedNodes NONE = new ObservedNodes(List.of(), Map.of(), 0);

    /** Copies the collections. */
    public ObservedNodes {
      triggers = List.copyOf(triggers);
      runNodes = Map.copyOf(runNodes);
    }

    private ObservedNodes withoutRunNodes() {
      return new ObservedNodes(triggers, Map.of(), at);
    }
  }

  /**
   * Conclusions of this node from its own observations.
   *
   * @param rank this node's rank at the last change of the nodes; {@link #UNSEEN} while the job was read before that
   *     was known
   * @param order the order in which the nodes consider the job
   * @param absent claims seen open without a run node, and since when, in cluster time
   * @param definedSince since when the definition in force is known, in cluster time
   */
  public record NodeView(int rank, ClaimOrder order, Map<String, Long> absent, long definedSince) {

    static final NodeView NONE = new NodeView(UNSEEN, new ClaimOrder(List.of()), Map.of(), 0);

    /** Copies the map. */
    public NodeView {
      absent = Map.copyOf(absent);
    }
  }

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

  static CachedJob of(JobSnapshot stored) {
    return new CachedJob(
        stored, ObservedNodes.NONE, NodeView.NONE, CommitState.NONE, true, false, false);
  }

  public String name() {
    return stored.name();
  }

  public JobRecord job() {
    return stored.job();
  }

  public ScheduleTimeline timeline() {
    return stored.timeline();
  }

  public ControlRecord control() {
    return stored.control();
  }

  public StateRecord state() {
    return stored.state();
  }

  public int stateVersion() {
    return stored.stateVersion();
  }

  public Planner planner() {
    return stored.planner();
  }

  public boolean isDeleted() {
    return stored.def().deleted();
  }

  public int rank() {
    return view.rank();
  }

  public ClaimOrder order() {
    return view.order();
  }

  /** Returns whether the run node of an open claim was there at the last read. */
  public boolean isPresent(ClaimRecord claim) {
    SessionTree.Found node = reading.runNodes().get(claim.id());
    return node != null && node.exists();
  }

  /** The connection was interrupted: what was seen may have changed. */
  CachedJob toReconnected() {
    return new CachedJob(stored, reading.withoutRunNodes(), view, commit, readable, false, false);
  }

  /** The session is over: nothing that was sent in it is answered, and no node of it remains. */
  CachedJob toNewSession() {
    NodeView seen = new NodeView(UNSEEN, view.order(), Map.of(), view.definedSince());
    return new CachedJob(
        stored, reading.withoutRunNodes(), seen, commit.toIdle(), readable, false, false);
  }

  CachedJob withStored(JobSnapshot to) {
    return new CachedJob(to, reading, view, commit, readable, written, cancelling);
  }

  CachedJob withReading(ObservedNodes to) {
    return new CachedJob(stored, to, view, commit, readable, written, cancelling);
  }

  CachedJob withTriggers(List<Trigger> to) {
    return withReading(new ObservedNodes(to, reading.runNodes(), reading.at()));
  }

  CachedJob withRunNodes(Map<String, SessionTree.Found> more) {
    Map<String, SessionTree.Found> all = new HashMap<>(reading.runNodes());
    all.putAll(more);
    return withReading(new ObservedNodes(reading.triggers(), all, reading.at()));
  }

  private CachedJob withView(NodeView to) {
    return new CachedJob(stored, reading, to, commit, readable, written, cancelling);
  }

  public CachedJob withRank(int to) {
    return withView(new NodeView(to, view.order(), view.absent(), view.definedSince()));
  }

  public CachedJob withOrder(ClaimOrder to) {
    return withView(new NodeView(view.rank(), to, view.absent(), view.definedSince()));
  }

  CachedJob withDefinedSince(long to) {
    return withView(new NodeView(view.rank(), view.order(), view.absent(), to));
  }

  /** The run node of a claim is missing since a moment. */
  public CachedJob withAbsent(ClaimRecord claim, long since) {
    Map<String, Long> absent = new HashMap<>(view.absent());
    absent.put(claim.id(), since);
    return withView(new NodeView(view.rank(), view.order(), absent, view.definedSince()));
  }

  /** The run node of a claim exists, or the claim has its end. */
  public CachedJob withoutAbsent(String claim) {
    if (!view.absent().containsKey(claim)) {
      return this;
    }
    Map<String, Long> absent = new HashMap<>(view.absent());
    absent.remove(claim);
    return withView(new NodeView(view.rank(), view.order(), absent, view.definedSince()));
  }

  public CachedJob withCommit(CommitState to) {
    return new CachedJob(stored, reading, view, to, readable, written, cancelling);
  }

  CachedJob withReadable(boolean to) {
    return new CachedJob(stored, reading, view, commit, to, written, cancelling);
  }

  CachedJob withWritten(boolean to) {
    return new CachedJob(stored, reading, view, commit, readable, to, cancelling);
  }

  CachedJob withCancelling(boolean to) {
    return new CachedJob(stored, reading, view, commit, readable, written, to);
  }

  /** Takes a state that was read or written, unless a newer one is known. */
  public CachedJob withState(StateRecord newer, int version) {
    return version < stateVersion() ? this : withStored(stored.withState(newer, version));
  }

  /** Takes a state that this node has written, unless a newer one is known. */
  public CachedJob withWrittenState(StateRecord next, int version) {
    return withState(next, version).withWritten(version >= stateVersion());
  }
}
