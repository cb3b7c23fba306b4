package io.zookit.config.internal.follow;

import io.zookit.config.InstanceReleaseStatus;
import io.zookit.config.Namespace;
import io.zookit.config.format.DocumentLimits;
import io.zookit.config.gray.Instance;
import io.zookit.config.internal.model.AckRecord;
import io.zookit.config.internal.model.Head;
import io.zookit.config.internal.model.ReleaseRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything a client knows of one namespace that it follows. Immutable; {@link #on} is the whole rule of following and
 * does nothing but compute.
 *
 * <pre>
 *   head ──older?──► refused, read again behind the leader
 *     │
 *     └─► select ──► the release is known ──► NEWEST or CONFIRMED
 *                └─► load ──► opened, its hash right ──► NEWEST
 *                         ├─► not read, or damaged ──► the last good one stays, tried again
 *                         └─► it cannot be used ──► the last good one stays, rejected
 * </pre>
 *
 * <p>One load is under way at a time; a head that is read meanwhile waits, the newest of several. So a stream of releases
 * is followed with gaps, but forward, and to its end. A load that does not end is given up when a head is read two
 * minutes later.
 *
 * @param lineage what an earlier run remembered of the data, until it is compared
 * @param newest the newest release that can be used; null while nothing is known
 * @param unusable the release that the head names and that cannot be used; null if it can, or was not tried
 * @param load the load under way, if there is one
 * @param loads the number of loads that were begun
 * @param absent whether the namespace was looked for and does not exist
 * @param failures attempts in a row that came to nothing
 */
record FollowState(
    Namespace ns,
    SeenState seen,
    String lineage,
    @Nullable LoadedRelease newest,
    @Nullable UnusableRelease unusable,
    @Nullable PendingLoad load,
    long loads,
    boolean live,
    boolean absent,
    int failures,
    FollowStatus status) {

  /** The greatest state seen; nothing smaller is taken, unless an operator has raised the incarnation since. */
  record SeenState(long incarnation, long epoch, long revision, String cluster) {

    /** Tells if a state is smaller than this one. */
    boolean isAfter(Head head, long incarnationNow) {
      return incarnationNow <= incarnation && head.isOlderThan(epoch, revision);
    }
  }

  /** A release that cannot be used within these limits. */
  record UnusableRelease(ReleaseRef release, DocumentLimits limits) {}

  /**
   * A load under way.
   *
   * @param since the time of the client's clock at which it began
   * @param next the newest head that was read since; null if none was
   */
  record PendingLoad(
      long attempt,
      long since,
      Head head,
      Head.Selection selection,
      @Nullable Head next) {

    PendingLoad followedBy(Head newer) {
      return new PendingLoad(attempt, since, head, selection, newer);
    }
  }

  /** Outcome of a release that was offered to this instance. */
  record OfferedRelease(InstanceReleaseStatus.Status status, int offered, String reason) {}

  /**
   * Status that this instance reports.
   *
   * @param settled what became of the newest release
   * @param trouble why the release that the head names is not here; null while it is
   * @param vote on the candidate of the newest head
   * @param judging the candidate that is being tried
   * @param applied the release in force
   * @param notKept why it is not in its file; null if it is
   * @param unsupported whether a gray release has a rule of a later version
   */
  record FollowStatus(
      OfferedRelease settled,
      @Nullable OfferedRelease trouble,
      InstanceReleaseStatus.@Nullable Vote vote,
      @Nullable String judging,
      int applied,
      @Nullable String notKept,
      boolean unsupported) {

    OfferedRelease current() {
      return trouble == null ? settled : trouble;
    }
  }

  /** Result of an event: the state after it, and what is to be done, in this order. */
  record FollowStep(FollowState state, List<FollowEffect> effects) {}

  /** The state of a namespace of which nothing is known. */
  static FollowState unknown(Namespace ns) {
    return new FollowState(
        ns,
        new SeenState(0, 0, 0, ""),
        "",
        null,
        null,
        null,
        0,
        false,
        false,
        0,
        new FollowStatus(
            new OfferedRelease(InstanceReleaseStatus.Status.APPLIED, 0, ""),
            null,
            null,
            null,
            0,
            null,
            false));
  }

  /** Computes what an event leads to. Pure. */
  FollowStep on(FollowEvent event, FollowEvent.Moment now) {
    return new FollowTransition(this, now).on(event);
  }

  /**
   * Tells if a caller may be waiting for the status: the head says so, or the release is a gray one, whose next step waits
   * for it.
   */
  boolean isStatusAwaited() {
    return newest != null
        && (newest.head().acksAwaitedUntil() != null || newest.rule().startsWith(Head.GRAY));
  }

  /** The status as it is reported. */
  AckRecord report(Instance me, String label) {
    OfferedRelease now = status.current();
    InstanceReleaseStatus.Vote vote = status.vote();
    return new AckRecord(
        me.id(),
        me.address(),
        me.labels(),
        seen.epoch(),
        seen.revision(),
        status.applied(),
        now.offered(),
        now.status(),
        now.reason(),
        vote == null ? null : vote.sha256(),
        vote == null ? null : vote.accepted(),
        vote == null ? null : vote.objection(),
        status.notKept(),
        label);
  }
}
