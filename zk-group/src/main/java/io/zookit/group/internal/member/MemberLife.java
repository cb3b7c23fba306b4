package io.zookit.group.internal.member;

import io.zookit.core.ZkTimeoutException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.request.BlockingCalls;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.group.Handover;
import io.zookit.group.Member;
import io.zookit.group.Membership;
import io.zookit.group.MembershipState;
import io.zookit.group.Ownership;
import io.zookit.group.PartitionHandler;
import io.zookit.group.Partitions;
import io.zookit.group.internal.planner.GroupPlanner;
import io.zookit.group.internal.planner.PlanOrders;
import io.zookit.group.internal.store.GroupNodes;
import io.zookit.group.internal.store.GroupPlan;
import io.zookit.group.internal.store.MemberNode;
import io.zookit.group.internal.store.MemberRecord;
import io.zookit.group.internal.store.SpecRecord;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member, over all sessions: its node, its place in the order of the members, and its end.
 *
 * <p>In each session it creates a node with a nonce of its own. A listing behind that create says whether it is the oldest
 * member, which plans; otherwise it watches the next older one. It changes its record by a delete and a create in one
 * transaction, which the watch on the folder reports, and which gives it the last place.
 *
 * <p>A node of the same id that was created later, by another process, ends it.
 *
 * <p><i>Threads:</i> on the loop, but for the API.
 */
final class MemberLife implements Membership, GroupPlanner.Listener {

  private static final Logger log = LoggerFactory.getLogger(MemberLife.class);
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration WAIT_FOR_PLAN = Duration.ofSeconds(1);
  private static final Duration MORE_THAN_HANDOVER = Duration.ofSeconds(5);

  private final CoreClient client;
  private final GroupNodes nodes;
  private final Member member;
  private final ClaimReleases releases;
  private final ClaimGuards guards;
  private final Executor planning;
  private final Runnable forget;
  private final Scope scope;
  private final CompletableFuture<Void> joined = new CompletableFuture<>();
  private final CompletableFuture<Void> left = new CompletableFuture<>();
  private volatile MembershipState state = MembershipState.JOINING;
  private volatile @Nullable MemberOwnership owner;
  private volatile Duration closeLimit = MORE_THAN_HANDOVER;
  private @Nullable MemberSession session;
  private boolean othersJoined;

  /**
   * Creates a member that has not joined.
   *
   * @param planning runs the rules of plans
   * @param forget runs when it has ended
   */
  MemberLife(
      GroupNodes nodes,
      Member member,
      ClaimReleases releases,
      ClaimGuards guards,
      Executor planning,
      Runnable forget) {
    this.client = nodes.client();
    this.nodes = nodes;
    this.member = member;
    this.releases = releases;
    this.guards = guards;
    this.planning = planning;
    this.forget = forget;
    this.scope = Scope.root(client.loop(), client.timekeeper());
  }

  // What other parts ask for.

  GroupNodes nodes() {
    return nodes;
  }

  /** The name of this member's node in a session. */
  String key(String nonce) {
    return MemberNode.keyOf(member.id(), nonce);
  }

  /** Runs the rules of plans. */
  Executor planning() {
    return planning;
  }

  boolean isJoined() {
    return state == MembershipState.JOINED;
  }

  /** Writes its record, if that has changed. */
  void announce() {
    MemberSession now = session;
    if (now != null) {
      now.announce();
    }
  }

  /** Reads the members: the own node may not exist, or another one may have taken its place. */
  void verifyNode() {
    MemberSession now = session;
    if (now != null) {
      now.candidacy().elect();
    }
  }

  /** The record of this member as it is to be. */
  MemberRecord record(long born) {
    MemberOwnership owning = owner;
    boolean isLeaving = state == MembershipState.LEAVING || state == MembershipState.SUPERSEDED;
    return new MemberRecord(
        isLeaving ? MemberRecord.State.LEAVING : MemberRecord.State.JOINED,
        member.weight(),
        member.zone().orElse(null),
        owning == null ? Long.valueOf(0) : owning.current().room(),
        member.keepFor().isZero() ? null : member.keepFor(),
        born == 0 ? null : born,
        owning == null ? List.of() : owning.current().refusals(),
        client.label());
  }

  // Sessions.

  void onConnected(SessionHandle handle) {
    MemberSession now = session;
    if (state == MembershipState.LEFT) {
      return;
    }
    if (now != null && now.handle() == handle) {
      now.verify();
      MemberOwnership owning = owner;
      if (owning != null) {
        owning.onReconnected(handle);
      }
    } else if (state == MembershipState.JOINING || state == MembershipState.JOINED) {
      state = MembershipState.JOINING;
      MemberSession fresh = new MemberSession(this, handle, scope.child());
      session = fresh;
      fresh.announce();
    }
  }

  void onSuspect() {
    MemberOwnership owning = owner;
    if (owning != null) {
      owning.current().onSuspect();
    }
  }

  void onLost(SessionHandle handle) {
    MemberSession lost = session;
    if (lost == null || lost.handle() != handle) {
      return;
    }
    session = null;
    lost.end();
    if (state == MembershipState.JOINED) {
      state = MembershipState.JOINING;
    }
    MemberOwnership owning = owner;
    if (owning != null) {
      owning.onLost(handle);
    }
  }

  /** The node of a session is known to exist. */
  void onNodeExists(MemberSession now) {
    if (state == MembershipState.JOINING) {
      state = MembershipState.JOINED;
      log.info("{}: joined as {}", this, now.nonce());
      joined.complete(null);
    }
    MemberOwnership owning = owner;
    if (owning != null && isJoined()) {
      owning.onJoined(now);
    }
  }

  // The planner.

  @Override
  public void stepDown() {
    MemberSession now = session;
    if (now != null) {
      now.takeLastPlace();
    }
  }

  @Override
  public void onMembers(List<MemberNode> members) {
    MemberSession now = session;
    if (now == null) {
      return;
    }
    othersJoined = false;
    for (MemberNode other : members) {
      boolean isOther = !other.nonce().equals(now.nonce());
      othersJoined |= isOther && other.record().isJoined();
      if (isOther
          && other.id().equals(member.id())
          && now.born() != 0
          && Long.compareUnsigned(now.born(), other.born()) < 0) {
        supersede();
      }
    }
    MemberOwnership owning = owner;
    if (owning != null) {
      owning.current().onMembers(members);
    }
  }

  /** A plan was read. */
  void onPlan(GroupPlan plan) {
    MemberOwnership owning = owner;
    if (state == MembershipState.LEAVING
        && owning != null
        && PlanOrders.given(plan, member.id()).isEmpty()) {
      handOver(owning);
    }
  }

  // Ends.

  private void supersede() {
    if (state == MembershipState.JOINED || state == MembershipState.JOINING) {
      log.warn("{}: another process has joined with this id; this one hands over and ends", this);
      state = MembershipState.SUPERSEDED;
      MemberSession now = session;
      if (now != null) {
        now.candidacy().standDown();
      }
      MemberOwnership owning = owner;
      if (owning == null) {
        finish();
      } else {
        owning.stopClaiming();
        handOver(owning);
      }
    }
  }

  /** Leaves; the future is done when nothing of it is left. */
  CompletableFuture<Void> leave() {
    client.loop().execute(() -> {
      if (state == MembershipState.JOINING || state == MembershipState.JOINED) {
        state = MembershipState.LEAVING;
        MemberOwnership owning = owner;
        if (owning == null || session == null) {
          if (owning == null) {
            finish();
          } else {
            handOver(owning);
          }
          return;
        }
        owning.stopClaiming();
        if (othersJoined && owning.current().size() > 0) {
          announce();
          scope.after(WAIT_FOR_PLAN, () -> handOver(owning));
        } else {
          handOver(owning);
        }
      }
    });
    return left;
  }

  private void handOver(MemberOwnership owning) {
    owning.end(this::finish);
  }

  private void finish() {
    if (left.isDone()) {
      return;
    }
    MemberSession now = session;
    if (now != null) {
      now.end();
      session = null;
      client.debt().delete(now.handle(), now.path());
    }
    if (state != MembershipState.SUPERSEDED) {
      state = MembershipState.LEFT;
    }
    scope.close();
    joined.completeExceptionally(new IllegalStateException(this + ": has left"));
    left.complete(null);
    forget.run();
  }

  /** The client is closed: its session ends, and everything with it. */
  void abandon() {
    client.loop().execute(() -> {
      MemberOwnership owning = owner;
      if (owning != null) {
        owning.abandon();
      }
      finish();
    });
  }

  // The API.

  @Override
  public Member member() {
    return member;
  }

  @Override
  public MembershipState state() {
    return state;
  }

  @Override
  public Membership awaitJoined(Duration timeout) throws InterruptedException {
    BlockingCalls.await(
        joined, timeout, () -> new ZkTimeoutException(this + ": not joined within " + timeout));
    return this;
  }

  @Override
  public Ownership own(Partitions partitions, PartitionHandler handler, Handover handover)
      throws InterruptedException {
    return own(partitions, handover, new HandlerThreads(nodes.name(), handler));
  }

  /** Repeats requests that were not answered: opening the partitions of a group twice has no effect. */
  private Ownership own(Partitions partitions, Handover handover, HandlerRunner runner)
      throws InterruptedException {
    long end = client.timekeeper().nanos() + LIMIT.toNanos();
    while (true) {
      client.awaitConnected(LIMIT);
      Duration left = Duration.ofNanos(Math.max(0, end - client.timekeeper().nanos()));
      try {
        return BlockingCalls.await(
            begin(partitions, handover, runner),
            left,
            () -> new ZkUnavailableException(
                this + ": no answer from ZooKeeper within " + LIMIT + "; call it again"));
      } catch (ZkUnavailableException e) {
        if (client.timekeeper().nanos() - end >= 0) {
          throw e;
        }
      }
    }
  }

  /** Begins to own partitions. */
  CompletableFuture<Ownership> begin(
      Partitions partitions, Handover handover, HandlerRunner runner) {
    CompletableFuture<Ownership> done = new CompletableFuture<>();
    closeLimit = handover.limit().orElse(Duration.ZERO).plus(MORE_THAN_HANDOVER);
    client.loop().execute(() -> {
      SessionHandle handle = client.handle().orElse(null);
      if (!canOwn() || state == MembershipState.LEAVING) {
        done.completeExceptionally(ownsOrEnded());
      } else if (handle == null) {
        done.completeExceptionally(
            new ZkUnavailableException(this + ": not connected; nothing was sent"));
      } else {
        PartitionsOpening.open(nodes, handle, SpecRecord.first(partitions.count()))
            .whenComplete((spec, failure) -> {
              if (failure != null) {
                done.completeExceptionally(failure);
              } else if (!canOwn()) {
                done.completeExceptionally(ownsOrEnded());
              } else {
                done.complete(own(spec, handover, runner));
              }
            });
      }
    });
    return done;
  }

  private boolean canOwn() {
    return owner == null && state != MembershipState.LEFT;
  }

  private IllegalStateException ownsOrEnded() {
    return new IllegalStateException(this + ": owns already, or has ended");
  }

  private Ownership own(SpecRecord spec, Handover handover, HandlerRunner runner) {
    MemberOwnership owning = new MemberOwnership(this, spec, handover, runner, releases, guards);
    owner = owning;
    MemberSession now = session;
    if (now != null && now.exists() && isJoined()) {
      owning.onJoined(now);
    }
    announce();
    return owning;
  }

  @Override
  public void close() {
    CompletableFuture<Void> gone = leave();
    try {
      BlockingCalls.await(
          gone, closeLimit, () -> new ZkTimeoutException(this + ": not left within " + closeLimit));
    } catch (ZkTimeoutException e) {
      log.warn("{}; the rest goes on in the background", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return nodes + " member " + member.id();
  }
}
