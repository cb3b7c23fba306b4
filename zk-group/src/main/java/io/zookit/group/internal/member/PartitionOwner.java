package io.zookit.group.internal.member;

import io.zookit.core.EphemeralBudgetException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.group.Handover;
import io.zookit.group.PartitionStatus;
import io.zookit.group.internal.member.OwnedPartition.Phase;
import io.zookit.group.internal.member.OwnedPartition.StandingClaim;
import io.zookit.group.internal.store.GroupNodes;
import io.zookit.group.internal.store.MemberNode;
import io.zookit.group.internal.store.MemberRecord.PartitionRefusal;
import io.zookit.group.internal.store.SpecRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import org.apache.zookeeper.Op;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions of a member in one epoch, over all sessions: each {@link OwnedPartition} from the claim to its end, and its transitions.
 *
 * <pre>
 *   FollowedPlan ── wanted ──► claim ──► SessionClaims ── owned ──► PartitionHandlers
 *        └── ordered away ──► Handovers ── released ──► free
 * </pre>
 *
 * <p>No partition is claimed while its release is undecided, or while a handler of an earlier claim has not returned. A claim
 * that is no longer wanted when it is answered is released without being run.
 *
 * <p><i>Threads:</i> on the loop, but for queries.
 *
 * <p><i>Cost:</i> a claim and a release are a hundredth of a transaction each; a watch for each claim.
 */
final class PartitionOwner implements PartitionHandlers.Listener {

  private static final Logger log = LoggerFactory.getLogger(PartitionOwner.class);

  private final MemberLife life;
  private final CoreClient client;
  private final GroupNodes nodes;
  private final SpecRecord spec;
  private final ClaimGuards guards;
  private final Executor callbacks;
  private final Scope scope;
  private final FollowedPlan plan;
  private final PartitionHandlers handlers;
  private final Handovers handovers;
  private final Map<Integer, OwnedPartition> table = new ConcurrentSkipListMap<>();

  /** Partitions that no plan gives this member, and that it claims because they stay free. */
  private final Set<Integer> adopted = new HashSet<>();

  private volatile @Nullable SessionClaims session;
  private @Nullable Long room;
  private boolean ending;
  private boolean suspended;
  private Runnable emptied = () -> {};

  PartitionOwner(
      MemberLife life,
      SpecRecord spec,
      Handover handover,
      HandlerRunner runner,
      ClaimReleases releases,
      ClaimGuards guards) {
    this.guards = guards;
    this.life = life;
    this.nodes = life.nodes();
    this.client = nodes.client();
    this.spec = spec;
    this.callbacks = client.lane(this + " listeners");
    this.scope = Scope.root(client.loop(), client.timekeeper());
    this.plan = new FollowedPlan(this, life, spec, guards);
    this.handlers = new PartitionHandlers(client, scope, runner, this);
    this.handovers = new Handovers(
        handover,
        callbacks,
        scope,
        client,
        new PendingReleases(nodes, spec, releases, life.member().id(), this::onReleased));
  }

  // What other parts ask for.

  CoreClient client() {
    return client;
  }

  Executor callbacks() {
    return callbacks;
  }

  long now() {
    return client.timekeeper().nanos();
  }

  /** Tells if the claims of the session are known to stand. From any thread. */
  boolean isVerified() {
    SessionClaims now = session;
    return now != null && now.isVerified();
  }

  SpecRecord spec() {
    return spec;
  }

  MemberLife life() {
    return life;
  }

  FollowedPlan plan() {
    return plan;
  }

  /** All partitions that exist here, also those that have ended and whose handlers have not returned. */
  List<OwnedPartition> all() {
    return List.copyOf(table.values());
  }

  /** The number of partitions that it has, or is about to have. */
  int size() {
    return (int)
        table.values().stream().filter(partition -> !partition.isEnded()).count();
  }

  boolean has(int partition) {
    return table.containsKey(partition);
  }

  boolean isCurrent(OwnedPartition partition) {
    return table.get(partition.index()) == partition;
  }

  /** The most partitions that fit into the budget of the session; empty without a limit. */
  @Nullable
  Long room() {
    return room;
  }

  /** The partitions that it does not claim now. */
  List<PartitionRefusal> refusals() {
    return handlers.refusals(table.values());
  }

  boolean refuses(int partition) {
    return handlers.refuses(partition);
  }

  /** The checks that a transaction of a claim begins with. */
  List<Op> checks(OwnedPartition partition) {
    return guards.fence(
        nodes.record(spec, partition.index()).value(),
        nodes.claim(spec, partition.index()).value(),
        partition.claim());
  }

  // Sessions.

  /** The member has joined in a session. */
  void onJoined(SessionHandle handle, String nonce) {
    SessionClaims known = session;
    if (known == null || known.handle() != handle) {
      SessionClaims fresh = new SessionClaims(this, guards, handle, nonce, scope.child());
      session = fresh;
      fresh.start();
    }
  }

  void onSuspect() {
    SessionClaims now = session;
    if (now != null) {
      now.onSuspect();
    }
  }

  /** The same session is connected again. */
  void onReconnected(SessionHandle handle) {
    SessionClaims now = session;
    if (now != null && now.handle() == handle) {
      now.onReconnected();
    }
  }

  /** The session is over, and all claims with it. */
  void onLost(SessionHandle handle) {
    SessionClaims lost = session;
    if (lost == null || lost.handle() != handle) {
      return;
    }
    session = null;
    lost.end();
    plan.onLost();
    adopted.clear();
    for (OwnedPartition partition : all()) {
      switch (partition.phase()) {
        case CLAIMING, RELEASING -> free(partition);
        case OWNED, DRAINING -> lose(partition, "the session has ended");
        case FREE, LOST -> {}
      }
    }
  }

  /** Members were read. */
  void onMembers(List<MemberNode> members) {
    SessionClaims now = session;
    if (now != null) {
      plan.onMembers(now, members);
    }
  }

  // Claims.

  /** The plan was read: what it gives this member is not claimed without a plan. */
  void onWanted(Set<Integer> wanted) {
    adopted.removeAll(wanted);
  }

  /** Claims what is wanted and not known to be held by another member. */
  void reconcile() {
    SessionClaims now = session;
    if (now == null || ending || suspended || !life.isJoined() || !now.isReady()) {
      return;
    }
    now.followOnly(plan.wanted());
    Set<Integer> gained = new TreeSet<>(plan.wanted());
    gained.addAll(adopted);
    gained.removeAll(table.keySet());
    gained.removeAll(now.held());
    List<OwnedPartition> claims = reserve(gained);
    if (!claims.isEmpty()) {
      now.claim(claims);
    }
  }

  /** Creates the partitions that fit into the budget of the session. */
  private List<OwnedPartition> reserve(Set<Integer> partitions) {
    List<OwnedPartition> reserved = new ArrayList<>();
    for (int index : partitions) {
      try {
        OwnedPartition partition =
            new OwnedPartition(this, index, client.budget().reserve(nodes.claim(spec, index)));
        table.put(index, partition);
        reserved.add(partition);
      } catch (EphemeralBudgetException e) {
        long fits = size();
        if (room == null || room != fits) {
          log.warn("{}: no room for more than {} partitions: {}", this, fits, e.getMessage());
          room = fits;
          life.announce();
        }
        break;
      }
    }
    return reserved;
  }

  /** Claims partitions that no member has claimed for a while. */
  void adopt(Collection<Integer> partitions) {
    adopted.addAll(partitions);
    reconcile();
  }

  /** The claim stands. Returns false if it is not wanted any more: then it is released. */
  boolean own(OwnedPartition partition, StandingClaim claim) {
    partition.toOwned(claim);
    int index = partition.index();
    boolean isWanted = plan.wanted().contains(index) || adopted.contains(index);
    if (ending || suspended || !life.isJoined() || !isWanted) {
      release(partition, claim);
      return false;
    }
    return true;
  }

  /** There is no claim. Returns whether the plan wants one. */
  boolean dropClaim(OwnedPartition partition) {
    free(partition);
    adopted.remove(partition.index());
    return plan.wanted().contains(partition.index());
  }

  // Handlers.

  void run(OwnedPartition partition) {
    handlers.run(partition);
  }

  @Override
  public void onReturned(OwnedPartition partition) {
    handovers.onReturned(partition);
    if (partition.isEnded()) {
      remove(partition);
      life.announce();
      reconcile();
    }
  }

  @Override
  public void onRefusals() {
    life.announce();
  }

  // Ends.

  /** Hands a partition over. */
  void drain(OwnedPartition partition) {
    handovers.drain(partition);
  }

  /** Releases a claim that stands. */
  void release(OwnedPartition partition, StandingClaim claim) {
    handovers.release(partition, claim);
  }

  private void onReleased(OwnedPartition partition) {
    if (partition.phase() == Phase.RELEASING) {
      client.meters().count("zookit.group.releases", 1);
      free(partition);
      reconcile();
    }
  }

  /** The partition is not claimed here any more; it is forgotten when its handler has returned. */
  void free(OwnedPartition partition) {
    partition.toFree();
    removeOrReport(partition);
  }

  /** The claim has ended without a release. */
  void lose(OwnedPartition partition, String why) {
    log.warn("{}: lost: {}", partition, why);
    client.meters().count("zookit.group.losses", 1);
    partition.toLost();
    partition.revoke(callbacks, () -> {});
    partition.interrupt();
    removeOrReport(partition);
  }

  private void removeOrReport(OwnedPartition partition) {
    if (partition.running == null) {
      remove(partition);
    } else {
      life.announce();
    }
  }

  private void remove(OwnedPartition partition) {
    table.remove(partition.index(), partition);
    adopted.remove(partition.index());
    if (ending && table.isEmpty()) {
      emptied.run();
    }
  }

  /**
   * Claims nothing more and hands everything over.
   *
   * @param done runs on the loop when nothing is left
   */
  void end(Runnable done) {
    ending = true;
    emptied = done;
    for (OwnedPartition partition : all()) {
      if (partition.phase() == Phase.OWNED) {
        drain(partition);
      }
    }
    if (table.isEmpty()) {
      done.run();
    }
  }

  /** Claims nothing more. */
  void stopClaiming() {
    ending = true;
  }

  /** Claims nothing, and hands everything over: the number of partitions is about to change. */
  void suspend() {
    suspended = true;
    for (OwnedPartition partition : all()) {
      if (partition.phase() == Phase.OWNED) {
        drain(partition);
      }
    }
  }

  /** Claims again what the plan gives. */
  void resume() {
    if (suspended) {
      suspended = false;
      reconcile();
    }
  }

  /** The client is closed: all claims end with its session. */
  void abandon() {
    ending = true;
    for (OwnedPartition partition : all()) {
      if (!partition.isEnded()) {
        partition.toLost();
        partition.revoke(callbacks, () -> {});
        partition.interrupt();
      }
    }
    scope.close();
  }

  // Queries.

  /** The partitions that are claimed, owned or not yet ended, sorted. From any thread. */
  List<PartitionStatus> partitions() {
    return table.values().stream().map(OwnedPartition::status).toList();
  }

  @Override
  public String toString() {
    return life.toString();
  }
}
