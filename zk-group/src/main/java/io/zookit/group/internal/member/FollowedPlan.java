package io.zookit.group.internal.member;

import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.group.internal.member.OwnedPartition.Phase;
import io.zookit.group.internal.planner.PlanOrders;
import io.zookit.group.internal.store.GroupNodes;
import io.zookit.group.internal.store.GroupPlan;
import io.zookit.group.internal.store.GroupPlan.PlannedMember;
import io.zookit.group.internal.store.GroupReads;
import io.zookit.group.internal.store.MemberNode;
import io.zookit.group.internal.store.SpecRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plan as a member obeys it: the partitions that it wants, and the claims that it hands over.
 *
 * <p>A claim is handed over only if the planner had seen it, and only to a member whose node exists. Without a plan, with one
 * that cannot be read and with one that does not name this member, in this session, everything is kept.
 *
 * <p><i>Threads:</i> on the loop.
 */
final class FollowedPlan {

  private static final Logger log = LoggerFactory.getLogger(FollowedPlan.class);

  private final PartitionOwner owner;
  private final MemberLife life;
  private final GroupNodes nodes;
  private final SpecRecord spec;
  private final ClaimGuards guards;

  /** Nonces of this id in plans that belong to earlier sessions. */
  private final Set<String> staleNonces = new HashSet<>();

  private Set<Integer> wanted = Set.of();
  private @Nullable GroupPlan plan;

  FollowedPlan(PartitionOwner owner, MemberLife life, SpecRecord spec, ClaimGuards guards) {
    this.owner = owner;
    this.life = life;
    this.nodes = life.nodes();
    this.spec = spec;
    this.guards = guards;
  }

  /** The plan that was read last; empty without one that can be read. */
  Optional<GroupPlan> current() {
    return Optional.ofNullable(plan);
  }

  /** The partitions that it gives to this member. */
  Set<Integer> wanted() {
    return wanted;
  }

  /** Nothing is wanted before the plan is read in the next session. */
  void onLost() {
    wanted = Set.of();
  }

  /** The plan was read. */
  void onRead(SessionClaims session, Answer<SessionHandle.Node> read) {
    Optional<GroupPlan> decoded =
        read.isOk() ? GroupPlan.decode(read.get().data()) : Optional.empty();
    if (read.isOk() && decoded.isEmpty()) {
      log.warn("{}: its plan cannot be read; all partitions stay where they are", nodes);
    }
    plan = decoded.orElse(null);
    decoded.ifPresent(life::onPlan);
    if (read.code() == Code.NONODE) {
      life.verifyNode(); // the oldest member plans again if the plan was deleted
    }
    apply(session);
  }

  /** Obeys the plan, unless it does not name this member in this session. */
  void apply(SessionClaims session) {
    GroupPlan now = plan;
    if (now == null || session.isOver() || now.header().epoch() != spec.epoch()) {
      return;
    }
    PlannedMember me = now.member(life.member().id()).orElse(null);
    String nonce = me == null ? null : me.nonce();
    boolean isOther =
        nonce != null && !nonce.equals(session.nonce()) && !staleNonces.contains(nonce);
    if (me == null || isOther) {
      life.verifyNode();
      return;
    }
    wanted = PlanOrders.given(now, me.id());
    owner.onWanted(wanted);
    orderAway(session);
    owner.reconcile();
  }

  /** Members were read: nonces of this id that are not among them belong to sessions that have ended. */
  void onMembers(SessionClaims session, List<MemberNode> members) {
    GroupPlan now = plan;
    String id = life.member().id();
    String nonce = now == null ? null : now.member(id).map(PlannedMember::nonce).orElse(null);
    if (nonce != null
        && !nonce.equals(session.nonce())
        && members.stream()
            .noneMatch(member -> member.id().equals(id) && member.nonce().equals(nonce))
        && staleNonces.add(nonce)) {
      apply(session);
    }
  }

  /** A claim is known to stand; one that was made without a plan may be in a plan that was read since. */
  void onClaimed(SessionClaims session, OwnedPartition partition) {
    GroupPlan now = plan;
    if (now != null && isOrderedAway(partition, now)) {
      orderAway(session);
    }
  }

  /** Hands over what the plan has seen here and gives to other members whose nodes exist. */
  private void orderAway(SessionClaims session) {
    GroupPlan now = plan;
    if (now == null) {
      return;
    }
    Map<String, List<OwnedPartition>> byTarget = new TreeMap<>();
    for (OwnedPartition partition : owner.all()) {
      if (isOrderedAway(partition, now)) {
        PlanOrders.newHolder(now, partition.index(), life.member().id())
            .ifPresent(
                key -> byTarget.computeIfAbsent(key, first -> new ArrayList<>()).add(partition));
      }
    }
    if (byTarget.isEmpty()) {
      return;
    }
    new GroupReads(nodes, session.handle())
        .members(List.copyOf(byTarget.keySet()), session.wrap((Answer<List<MemberNode>> read) -> {
          if (read.isOk()) {
            onTargets(now, read.get(), byTarget);
          } else {
            session.retryLater();
          }
        }));
  }

  private void onTargets(
      GroupPlan read, List<MemberNode> targets, Map<String, List<OwnedPartition>> byTarget) {
    for (MemberNode target : targets) {
      if (target.record().isJoined()) {
        for (OwnedPartition partition : byTarget.getOrDefault(target.key(), List.of())) {
          if (read == plan && isOrderedAway(partition, read)) {
            owner.drain(partition);
          }
        }
      }
    }
  }

  private boolean isOrderedAway(OwnedPartition partition, GroupPlan now) {
    return partition.phase() == Phase.OWNED
        && !wanted.contains(partition.index())
        && guards.isSeen(now, spec.bucketOf(partition.index()), partition.claim());
  }
}
