package io.zookit.registry.internal.provider;

import io.zookit.core.internal.lane.Timeouts;
import io.zookit.core.internal.node.OwnedNode;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.registry.RegistrationStatus;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.internal.provider.RegistrationStage.ConflictStage;
import io.zookit.registry.internal.provider.RegistrationStage.GoneStage;
import io.zookit.registry.internal.provider.RegistrationStage.LeavingStage;
import io.zookit.registry.internal.provider.RegistrationStage.PendingStage;
import io.zookit.registry.internal.provider.RegistrationStage.RegisteredStage;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * State of a registration: what its node is to hold, what is known of its node, and how far it is. Immutable.
 *
 * <pre>
 *               owned
 *   Pending ───────────► Registered        any of the three ──drain──► Leaving ──node gone──► Gone
 *    │   ▲                 │  │  ▲
 *    │   └──node missing───┘  │  │ owned, or the other is gone
 *    └──another has the id──► Conflicting
 * </pre>
 *
 * <p>A transition that does not apply returns the same object.
 */
record RegistrationState(DesiredState desired, NodeTrace trace, RegistrationStage stage) {

  /**
   * Knowledge about the nodes of a registration.
   *
   * @param node the present one, if there is one
   * @param czxid of the last one that existed; 0 if none did
   * @param reportedCzxid of another provider's node that was reported last
   * @param leftBehind nodes of earlier sessions that may still exist
   */
  record NodeTrace(
      @Nullable OwnedNode node, long czxid, long reportedCzxid, Set<ZkPath> leftBehind) {

    static final NodeTrace NONE = new NodeTrace(null, 0, 0, Set.of());

    NodeTrace with(@Nullable OwnedNode other) {
      return new NodeTrace(other, czxid, reportedCzxid, leftBehind);
    }
  }

  private static final RegistrationStage REGISTERED = new RegisteredStage();
  private static final RegistrationStage GONE = new GoneStage();

  /** The state of a new registration. */
  static RegistrationState of(ServiceInstance instance) {
    return new RegistrationState(
        DesiredState.of(instance), NodeTrace.NONE, pending("not connected to ZooKeeper"));
  }

  private static RegistrationStage pending(String problem) {
    return new PendingStage(problem, new CompletableFuture<>());
  }

  ServiceInstance instance() {
    return desired.instance();
  }

  /** The present node, if there is one. */
  @Nullable
  OwnedNode node() {
    return trace.node;
  }

  /** The status that is shown to its user. */
  RegistrationStatus status() {
    return stage.status();
  }

  /** Tells if it was given up. */
  boolean isEnded() {
    return stage instanceof LeavingStage || stage instanceof GoneStage;
  }

  /** Tells if its goodbye is written, or is about to be. */
  boolean isSayingGoodbye() {
    return stage instanceof LeavingStage leaving && leaving.begun();
  }

  /** The grace period of a registration that is leaving. */
  Duration grace() {
    return stage instanceof LeavingStage leaving ? leaving.grace() : Duration.ZERO;
  }

  /** The reason why it is not registered. */
  String problem() {
    return stage.problem();
  }

  private RegistrationState with(RegistrationStage next) {
    return new RegistrationState(desired, trace, next);
  }

  private RegistrationState with(NodeTrace next) {
    return new RegistrationState(desired, next, stage);
  }

  /** The same with the instance changed; nothing changes once it has ended. */
  RegistrationState withInstance(ServiceInstance next) {
    return isEnded() ? this : new RegistrationState(desired.with(next), trace, stage);
  }

  /** The same with the reason why it is still pending. */
  RegistrationState withProblem(String problem) {
    return stage instanceof PendingStage pending
        ? with(new PendingStage(problem, pending.settled()))
        : this;
  }

  /** The same with a node that is about to be created. */
  RegistrationState withNode(OwnedNode node) {
    return with(trace.with(node));
  }

  /** The same after the node was found missing: pending if it was registered. */
  RegistrationState toMissing(String problem) {
    RegistrationState without = with(trace.with(null));
    return stage instanceof RegisteredStage
        ? without.with(pending(problem))
        : without.withProblem(problem);
  }

  /** The same with a node that certainly exists. */
  RegistrationState withOwned(long czxid) {
    return with(new NodeTrace(trace.node, czxid, trace.reportedCzxid, trace.leftBehind));
  }

  /** Its node is the one that counts for its id. */
  RegistrationState toRegistered() {
    return stage instanceof PendingStage || stage instanceof ConflictStage
        ? with(REGISTERED)
        : this;
  }

  /** Another provider has the id. */
  RegistrationState toConflict(String problem) {
    return isEnded() ? this : with(new ConflictStage(problem));
  }

  /** Another provider's node was reported. */
  RegistrationState withReported(long other) {
    return trace.reportedCzxid == other
        ? this
        : with(new NodeTrace(trace.node, trace.czxid, other, trace.leftBehind));
  }

  /** The session of a node ended before the node was known to be gone. */
  RegistrationState withLeftBehind(ZkPath path) {
    Set<ZkPath> more = new HashSet<>(trace.leftBehind);
    more.add(path);
    return with(new NodeTrace(trace.node, trace.czxid, trace.reportedCzxid, Set.copyOf(more)));
  }

  /** Nothing of earlier sessions is left. */
  RegistrationState withoutLeftBehind() {
    return trace.leftBehind.isEmpty()
        ? this
        : with(new NodeTrace(trace.node, trace.czxid, trace.reportedCzxid, Set.of()));
  }

  /** It is over for its user. */
  RegistrationState toLeaving(Duration grace) {
    boolean registered = stage instanceof RegisteredStage;
    return isEnded() ? this : with(new LeavingStage(grace, registered, false, null));
  }

  /** The goodbye is about to be written. */
  RegistrationState toGoodbye() {
    return stage instanceof LeavingStage leaving && !leaving.begun()
        ? with(new LeavingStage(leaving.grace(), leaving.wasRegistered(), true, null))
        : this;
  }

  /** The goodbye is stored, or cannot be: the grace period begins, unless it has begun. */
  RegistrationState toGrace(long nanos) {
    return stage instanceof LeavingStage leaving && leaving.begun() && leaving.graceSince() == null
        ? with(new LeavingStage(leaving.grace(), leaving.wasRegistered(), true, nanos))
        : this;
  }

  /** The rest of a grace period that has begun, zero or less once it is over; empty if there is none. */
  Optional<Duration> graceLeft(long nanos) {
    return stage instanceof LeavingStage leaving && leaving.graceSince() != null
        ? Optional.of(leaving.left(nanos))
        : Optional.empty();
  }

  /** The same with a grace period of at most a duration; one that has begun ends after that duration at the latest. */
  RegistrationState withGraceOfAtMost(Duration most, long nanos) {
    if (!(stage instanceof LeavingStage leaving) || leaving.grace().compareTo(most) <= 0) {
      return this;
    }
    Long since = leaving.graceSince();
    if (since != null) {
      Duration left = leaving.left(nanos);
      since = left.compareTo(most) > 0 ? nanos : nanos - Timeouts.nanos(most.minus(left));
    }
    return with(new LeavingStage(most, leaving.wasRegistered(), leaving.begun(), since));
  }

  /** No node exists, and none will. */
  RegistrationState toGone() {
    return stage instanceof GoneStage
        ? this
        : new RegistrationState(desired, trace.with(null), GONE);
  }
}
