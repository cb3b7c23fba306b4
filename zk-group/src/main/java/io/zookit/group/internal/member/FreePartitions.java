package io.zookit.group.internal.member;

import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.request.Backoff;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.group.internal.planner.PlanRules;
import io.zookit.group.internal.planner.QuotaRule;
import io.zookit.group.internal.planner.QuotaRule.Share;
import io.zookit.group.internal.planner.RendezvousScore;
import io.zookit.group.internal.store.GroupNodes;
import io.zookit.group.internal.store.GroupPlan.PlannedMember;
import io.zookit.group.internal.store.GroupReads;
import io.zookit.group.internal.store.MemberNode;
import io.zookit.group.internal.store.SpecRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Claims partitions that stay free, without a plan: what the planner does not see to, because it was stopped, is owned all the
 * same.
 *
 * <p>Every five seconds, with jitter, one read behind a {@code sync} compares the number of claims in each bucket. Where some
 * are missing it finds out which. A partition that was seen free for two seconds is claimed by the live member with the highest
 * rendezvous score, two seconds later by the next one, and so on; by no member within five seconds of its own join, and up to
 * 1.25 times its quota. One that is kept for an absent member is claimed after that time.
 *
 * <p><i>Threads:</i> on the loop.
 *
 * <p><i>Cost:</i> two requests each time while no partition is free.
 */
final class FreePartitions {

  private static final Duration BETWEEN_READS = Duration.ofSeconds(5);
  private static final long SECOND = 1_000_000_000L;
  private static final long FOR_EACH_RANK = 2 * SECOND;
  private static final long AFTER_JOIN = 5 * SECOND;

  private final PartitionOwner owner;
  private final CoreClient client;
  private final GroupNodes nodes;
  private final SpecRecord spec;
  private final SessionHandle handle;
  private final GroupReads reads;
  private final Scope scope;
  private final Map<Integer, Long> freeSince = new HashMap<>();
  private final long joined;
  private long membersChanged;

  FreePartitions(
      PartitionOwner owner, GroupNodes nodes, SpecRecord spec, SessionHandle handle, Scope scope) {
    this.owner = owner;
    this.client = nodes.client();
    this.nodes = nodes;
    this.spec = spec;
    this.handle = handle;
    this.scope = scope;
    this.reads = new GroupReads(nodes, handle);
    this.joined = client.timekeeper().nanos();
  }

  void start() {
    readAfter(Backoff.spread(BETWEEN_READS, client.random()));
  }

  private void readAfter(Duration pause) {
    scope.after(pause, this::read);
  }

  private void read() {
    if (!handle.isConnected()) {
      start();
      return;
    }
    List<String> paths = new ArrayList<>();
    paths.add(nodes.members().value());
    IntStream.range(0, spec.buckets())
        .forEach(bucket -> paths.add(nodes.bucket(spec, bucket).value()));
    handle.sync(nodes.path(), synced -> {});
    Multi.readNodes(handle, paths, scope.wrap(this::onRead));
  }

  private void onRead(List<Answer<SessionHandle.Node>> answers) {
    Answer<SessionHandle.Node> members = answers.get(0);
    if (members.isOk()) {
      long changed = members.get().stat().getPzxid();
      if (changed != membersChanged) {
        membersChanged = changed;
        owner.life().verifyNode(); // in case that a watch was lost
      }
    }
    List<Integer> incomplete = new ArrayList<>();
    for (int bucket = 0; bucket < spec.buckets(); bucket++) {
      Answer<SessionHandle.Node> answer = answers.get(bucket + 1);
      if (answer.isOk() && answer.get().stat().getNumChildren() < spec.sizeOf(bucket)) {
        incomplete.add(bucket);
      }
    }
    if (incomplete.isEmpty()) {
      freeSince.clear();
      start();
    } else {
      list(incomplete);
    }
  }

  private void list(List<Integer> buckets) {
    List<String> paths =
        buckets.stream().map(bucket -> nodes.bucket(spec, bucket).value()).toList();
    Multi.listChildren(handle, paths, scope.wrap((List<Answer<List<String>>> answers) -> {
      Set<Integer> free = new TreeSet<>();
      for (int i = 0; i < buckets.size(); i++) {
        if (answers.get(i).isOk()) {
          Set<String> claimed = new HashSet<>(answers.get(i).get());
          for (int p = buckets.get(i); p < spec.count(); p += spec.buckets()) {
            if (!claimed.contains(Integer.toString(p))) {
              free.add(p);
            }
          }
        }
      }
      onListed(free);
    }));
  }

  private void onListed(Set<Integer> free) {
    long now = now();
    freeSince.keySet().retainAll(free);
    free.forEach(partition -> freeSince.putIfAbsent(partition, now));
    reads.members(scope.wrap((Answer<List<MemberNode>> answer) -> {
      if (answer.isOk()) {
        decide(answer.get());
      } else {
        start();
      }
    }));
  }

  private void decide(List<MemberNode> read) {
    List<MemberNode> members = PlanRules.newest(read).values().stream()
        .filter(member -> member.record().isJoined())
        .toList();
    String id = owner.life().member().id();
    int most = most(members, id);
    long soonest = BETWEEN_READS.toNanos();
    Set<Integer> claimed = new TreeSet<>();
    for (Map.Entry<Integer, Long> free : freeSince.entrySet()) {
      int partition = free.getKey();
      int rank = rank(members, id, partition);
      if (rank == 0 || owner.has(partition) || owner.refuses(partition)) {
        continue;
      }
      long due = Math.max(
          free.getValue() + rank * FOR_EACH_RANK + keptFor(partition), joined + AFTER_JOIN);
      if (due > now()) {
        soonest = Math.min(soonest, due - now());
      } else if (owner.size() + claimed.size() < most) {
        claimed.add(partition);
      }
    }
    owner.adopt(claimed);
    readAfter(Backoff.spread(Duration.ofNanos(soonest), client.random()).plusMillis(1));
  }

  /** The number of partitions up to which a member claims without a plan. */
  private int most(List<MemberNode> members, String id) {
    List<Share> shares = new ArrayList<>();
    int mine = -1;
    for (MemberNode member : members) {
      if (member.id().equals(id)) {
        mine = shares.size();
      }
      Long room = member.record().room();
      int most = room == null ? spec.count() : (int) Math.min(room, spec.count());
      shares.add(new Share(member.record().weight(), most, 0, 0));
    }
    return mine < 0 ? 0 : (int) Math.ceil(QuotaRule.divide(spec.count(), shares)[mine] * 1.25);
  }

  /** The place of a member, from 1, among those that may claim a partition; 0 if it is not one of them. */
  private static int rank(List<MemberNode> members, String id, int partition) {
    long score = RendezvousScore.of(RendezvousScore.hash(id), partition);
    int rank = 1;
    boolean isOne = false;
    for (MemberNode member : members) {
      if (member.id().equals(id)) {
        isOne = true;
      } else if (!member.record().refuses(partition)
          && RendezvousScore.of(RendezvousScore.hash(member.id()), partition) > score) {
        rank++;
      }
    }
    return isOne ? rank : 0;
  }

  private long keptFor(int partition) {
    return owner
        .plan()
        .current()
        .flatMap(plan -> plan.ownerOf(partition))
        .filter(target -> target.nonce() == null)
        .map(PlannedMember::keepFor)
        .map(Duration::toNanos)
        .orElse(0L);
  }

  private long now() {
    return client.timekeeper().nanos();
  }
}
