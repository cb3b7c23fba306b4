package io.zookit.group.internal.member;

import io.zookit.core.EphemeralBudgetException;
import io.zookit.core.FencingToken;
import io.zookit.core.IncarnationException;
import io.zookit.core.Subscription;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.node.NodeFollower;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.Backoff;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.group.Handover;
import io.zookit.group.Ownership;
import io.zookit.group.PartitionState;
import io.zookit.group.PartitionStatus;
import io.zookit.group.internal.member.ClaimReleases.ReleasedClaim;
import io.zookit.group.internal.member.OwnedPartition.Phase;
import io.zookit.group.internal.member.OwnedPartition.StandingClaim;
import io.zookit.group.internal.store.GroupNodes;
import io.zookit.group.internal.store.GroupPlan;
import io.zookit.group.internal.store.GroupPlan.PlannedMember;
import io.zookit.group.internal.store.GroupReads;
import io.zookit.group.internal.store.MemberNode;
import io.zookit.group.internal.store.MemberRecord;
import io.zookit.group.internal.store.MemberRecord.PartitionRefusal;
import io.zookit.group.internal.store.PartitionOwnerRecord;
import io.zookit.group.internal.store.SpecRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions of a member, over all sessions.
 *
 * <p>A plan gives partitions: they are claimed, and what another member still holds is watched until it is free. A plan orders
 * a claim away only if its planner had seen that claim, and only to another member whose node exists. Without a plan, with
 * one that cannot be read and with one that does not name this member everything is kept.
 *
 * <p>A claim belongs to its session. While the connection is lost no claim is valid; after a reconnect one {@code
 * getEphemerals} verifies all of them. A claim whose answer was lost is read behind a {@code sync}, and one that is no longer
 * wanted is released without being run. No partition is claimed while its release is undecided, or while a handler of an
 * earlier claim has not returned.
 *
 * <p><i>Threads:</i> on the loop, but for queries.
 *
 * <p><i>Cost:</i> a claim and a release are a hundredth of a transaction each; a watch for each claim.
 */
final class PartitionOwner implements Ownership, ClaimRequests.Listener {

  private static final Logger log = LoggerFactory.getLogger(PartitionOwner.class);
  private static final Backoff RESTARTS =
      new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60));
  private static final Backoff RETRIES = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(20));
  private static final int FAILURES_TO_REFUSE = 3;
  private static final Duration REFUSAL = Duration.ofMinutes(5);
  private static final Duration LONG_HANDOVER = Duration.ofSeconds(10);

  private final MemberLife life;
  private final CoreClient client;
  private final GroupNodes nodes;
  private final SpecRecord spec;
  private final Handover handover;
  private final HandlerRunner runner;
  private final ClaimReleases releases;
  private final ClaimGuards guards;
  private final Executor callbacks;
  private final Scope scope;
  private final Map<Integer, OwnedPartition> table = new ConcurrentSkipListMap<>();
  private final Map<Integer, Instant> refused = new TreeMap<>();
  private final List<OwnedPartition> releasing = new ArrayList<>();

  /** Partitions that no plan gives this member, and that it claims because they stay free. */
  private final Set<Integer> adopted = new HashSet<>();

  /** Nonces of this id in plans that belong to earlier sessions. */
  private final Set<String> staleNonces = new HashSet<>();

  private Set<Integer> wanted = Set.of();
  private @Nullable GroupPlan plan;
  private @Nullable OwnerSession session;
  private @Nullable Long room;
  private volatile boolean verified;
  private boolean ending;
  private int retries;
  private @Nullable Subscription retry;
  private Runnable emptied = () -> {};

  /** The claims of one session. */
  private final class OwnerSession {
    final SessionHandle handle;
    final String nonce;
    final Scope life;
    final Map<Integer, NodeFollower<SessionHandle.Node>> held = new HashMap<>();
    final ClaimRequests requests;
    final NodeFollower<SessionHandle.Node> plans;
    final FreePartitions free;

    OwnerSession(SessionHandle handle, String nonce) {
      this.handle = handle;
      this.nonce = nonce;
      this.life = scope.child();
      this.requests = new ClaimRequests(
          nodes, spec, handle, PartitionOwner.this.life.key(nonce), PartitionOwner.this);
      this.plans = NodeFollower.ofUnsharedData(
          client, nodes.plan(), life.wrap((Answer<SessionHandle.Node> read) -> onPlanRead(read)));
      life.own(plans);
      this.free = new FreePartitions(PartitionOwner.this, nodes, spec, handle, life);
    }

    void start() {
      plans.onConnected(handle);
      free.start();
    }
  }

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
    this.handover = handover;
    this.runner = runner;
    this.releases = releases;
    this.callbacks = client.lane(this + " listeners");
    this.scope = Scope.root(client.loop(), client.timekeeper());
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

  boolean isVerified() {
    return verified;
  }

  SpecRecord spec() {
    return spec;
  }

  MemberLife life() {
    return life;
  }

  @Nullable
  GroupPlan plan() {
    return plan;
  }

  /** The number of partitions that it has, or is about to have. */
  int size() {
    return (int) table.values().stream()
        .filter(partition -> partition.phase() != Phase.LOST && partition.phase() != Phase.FREE)
        .count();
  }

  boolean has(int partition) {
    return table.containsKey(partition);
  }

  /** The most partitions that fit into the budget of the session; empty without a limit. */
  @Nullable
  Long room() {
    return room;
  }

  /** The partitions that it does not claim now. */
  List<PartitionRefusal> refusals() {
    List<PartitionRefusal> all = new ArrayList<>();
    Instant soon = client.timekeeper().now().plus(REFUSAL);
    table.forEach((index, partition) -> {
      if (partition.running != null
          && (partition.phase() == Phase.LOST || partition.phase() == Phase.FREE)) {
        all.add(new PartitionRefusal(index, soon));
      }
    });
    refused.forEach((index, until) -> {
      if (all.stream().noneMatch(refusal -> refusal.partition() == index)) {
        all.add(new PartitionRefusal(index, until));
      }
    });
    return all.subList(0, Math.min(all.size(), MemberRecord.MOST_REFUSALS));
  }

  boolean refuses(int partition) {
    return refused.containsKey(partition);
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
    OwnerSession known = session;
    if (known != null && known.handle == handle) {
      return;
    }
    OwnerSession fresh = new OwnerSession(handle, nonce);
    session = fresh;
    verified = true;
    fresh.start();
  }

  void onSuspect() {
    verified = false;
  }

  /** The same session is connected again. */
  void onReconnected(SessionHandle handle) {
    OwnerSession now = session;
    if (now == null || now.handle != handle) {
      return;
    }
    handle.getEphemerals(now.life.wrap((Answer<Set<ZkPath>> listed) -> {
      if (listed.isOk()) {
        onListed(listed.get());
      } else if (listed.isAnswered()) {
        retryLater();
      }
    }));
    readUnanswered(now);
    now.plans.onConnected(handle);
  }

  private void onListed(Set<ZkPath> own) {
    verified = true;
    for (OwnedPartition partition : List.copyOf(table.values())) {
      boolean isClaimed = partition.phase() == Phase.OWNED || partition.phase() == Phase.DRAINING;
      if (isClaimed && !own.contains(nodes.claim(spec, partition.index()))) {
        lose(partition, "its claim is gone");
      } else if (partition.phase() == Phase.OWNED) {
        run(partition);
      }
    }
    reconcile();
  }

  private void readUnanswered(OwnerSession now) {
    List<OwnedPartition> open = table.values().stream()
        .filter(partition -> partition.phase() == Phase.CLAIMING && partition.unanswered)
        .toList();
    if (open.isEmpty()) {
      return;
    }
    List<String> paths = new ArrayList<>();
    for (OwnedPartition partition : open) {
      paths.add(nodes.claim(spec, partition.index()).value());
      paths.add(nodes.record(spec, partition.index()).value());
    }
    now.handle.sync(nodes.path(), synced -> {});
    Multi.readNodes(now.handle, paths, now.life.wrap((List<Answer<SessionHandle.Node>> answers) -> {
      for (int i = 0; i < open.size(); i++) {
        onUnansweredRead(now, open.get(i), answers.get(2 * i), answers.get(2 * i + 1));
      }
      reconcile();
    }));
  }

  private void onUnansweredRead(
      OwnerSession now,
      OwnedPartition partition,
      Answer<SessionHandle.Node> claim,
      Answer<SessionHandle.Node> record) {
    if (partition.phase() != Phase.CLAIMING || !partition.unanswered) {
      return;
    }
    boolean isOwn = claim.isOk() && guards.isOwn(now.handle, life.key(now.nonce), claim.get());
    if (isOwn && record.isOk()) {
      partition.unanswered = false;
      onClaimed(partition, claim.get().stat().getCzxid(), record.get().stat().getVersion());
    } else if (isOwn && record.code() == Code.NONODE) {
      releaseUnused(partition, claim.get().stat().getCzxid(), ClaimReleases.MISSING);
    } else if (claim.isOk() || claim.code() == Code.NONODE) {
      free(partition);
    } else if (claim.isAnswered()) {
      retryLater(); // read again
    }
  }

  /** The session is over, and all claims with it. */
  void onLost(SessionHandle handle) {
    OwnerSession lost = session;
    if (lost == null || lost.handle != handle) {
      return;
    }
    session = null;
    retry = null;
    verified = false;
    wanted = Set.of();
    adopted.clear();
    lost.life.close();
    for (OwnedPartition partition : List.copyOf(table.values())) {
      switch (partition.phase()) {
        case CLAIMING, RELEASING -> free(partition);
        case OWNED, DRAINING -> lose(partition, "the session has ended");
        case FREE, LOST -> {}
      }
    }
  }

  // Plans.

  private void onPlanRead(Answer<SessionHandle.Node> read) {
    Optional<GroupPlan> decoded =
        read.isOk() ? GroupPlan.decode(read.get().data()) : Optional.empty();
    if (read.isOk() && decoded.isEmpty()) {
      log.warn("{}: its plan cannot be read; all partitions stay where they are", nodes);
    }
    plan = decoded.orElse(null);
    decoded.ifPresent(life::onPlan);
    apply();
  }

  private void apply() {
    GroupPlan now = plan;
    OwnerSession mine = session;
    if (now == null || mine == null || now.header().epoch() != spec.epoch()) {
      return;
    }
    PlannedMember me = now.member(life.member().id()).orElse(null);
    if (me == null) {
      life.verifyNode();
      return;
    }
    String nonce = me.nonce();
    if (nonce != null && !nonce.equals(mine.nonce) && !staleNonces.contains(nonce)) {
      life.verifyNode();
      return;
    }
    Set<Integer> given = new TreeSet<>();
    for (int p = 0; p < now.count(); p++) {
      int target = now.targetOf(p);
      if (target != GroupPlan.UNASSIGNED
          && now.header().members().get(target).id().equals(me.id())) {
        given.add(p);
      }
    }
    wanted = given;
    adopted.removeIf(given::contains);
    orderAway(mine, now);
    reconcile();
  }

  /** Members were read: nonces of this id that are not among them belong to sessions that have ended. */
  void onMembers(List<MemberNode> members) {
    GroupPlan now = plan;
    OwnerSession mine = session;
    if (now == null || mine == null) {
      return;
    }
    String nonce = now.member(life.member().id()).map(PlannedMember::nonce).orElse(null);
    if (nonce != null
        && !nonce.equals(mine.nonce)
        && members.stream()
            .noneMatch(member ->
                member.id().equals(life.member().id()) && member.nonce().equals(nonce))
        && staleNonces.add(nonce)) {
      apply();
    }
  }

  /** Hands over what the plan has seen here and gives to other members whose nodes exist. */
  private void orderAway(OwnerSession mine, GroupPlan now) {
    Map<String, List<OwnedPartition>> byTarget = new TreeMap<>();
    for (OwnedPartition partition : table.values()) {
      if (isOrderedAway(partition, now)) {
        now.ownerOf(partition.index())
            .flatMap(PlannedMember::key)
            .ifPresent(
                key -> byTarget.computeIfAbsent(key, first -> new ArrayList<>()).add(partition));
      }
    }
    if (byTarget.isEmpty()) {
      return;
    }
    new GroupReads(nodes, mine.handle)
        .members(List.copyOf(byTarget.keySet()), mine.life.wrap((Answer<List<MemberNode>> read) -> {
          if (!read.isOk()) {
            retryLater();
            return;
          }
          for (MemberNode target : read.get()) {
            if (target.record().isJoined()) {
              byTarget.getOrDefault(target.key(), List.of()).forEach(partition -> {
                if (now == plan && isOrderedAway(partition, now)) {
                  drain(partition);
                }
              });
            }
          }
        }));
  }

  private boolean isOrderedAway(OwnedPartition partition, GroupPlan now) {
    return partition.phase() == Phase.OWNED
        && !wanted.contains(partition.index())
        && guards.isSeen(now, spec.bucketOf(partition.index()), partition.claim());
  }

  // Claims.

  /** Claims what is wanted and not known to be held by another member. */
  private void reconcile() {
    OwnerSession mine = session;
    if (mine == null || ending || !life.isJoined() || !mine.handle.isConnected()) {
      return;
    }
    if (!client.isTrusted()) {
      retryLater();
      return;
    }
    for (Integer partition : List.copyOf(mine.held.keySet())) {
      if (!wanted.contains(partition)) {
        unfollow(mine, partition);
      }
    }
    Set<Integer> gained = new TreeSet<>(wanted);
    gained.addAll(adopted);
    gained.removeAll(table.keySet());
    gained.removeAll(mine.held.keySet());
    claim(mine, gained);
  }

  private void claim(OwnerSession mine, Collection<Integer> partitions) {
    List<OwnedPartition> claims = new ArrayList<>();
    for (int index : partitions) {
      try {
        OwnedPartition partition =
            new OwnedPartition(this, index, client.budget().reserve(nodes.claim(spec, index)));
        table.put(index, partition);
        claims.add(partition);
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
    if (!claims.isEmpty()) {
      mine.requests.claim(claims);
    }
  }

  /** Claims partitions that no member has claimed for a while. */
  void adopt(Collection<Integer> partitions) {
    adopted.addAll(partitions);
    reconcile();
  }

  private void follow(OwnerSession mine, int partition) {
    if (mine.held.containsKey(partition)) {
      return;
    }
    NodeFollower<SessionHandle.Node> follower = NodeFollower.ofUnsharedData(
        client, nodes.claim(spec, partition), mine.life.wrap((Answer<SessionHandle.Node> state) -> {
          if (state.code() == Code.NONODE) {
            unfollow(mine, partition);
            reconcile();
          }
        }));
    mine.held.put(partition, follower);
    follower.onConnected(mine.handle);
  }

  private static void unfollow(OwnerSession mine, int partition) {
    NodeFollower<SessionHandle.Node> follower = mine.held.remove(partition);
    if (follower != null) {
      follower.close();
    }
  }

  @Override
  public void onClaimed(OwnedPartition partition, long czxid, int version) {
    OwnerSession mine = session;
    if (mine == null || table.get(partition.index()) != partition) {
      return; // its session is over
    }
    client.meters().count("zookit.group.claims", 1);
    int index = partition.index();
    try {
      StandingClaim claim = new StandingClaim(mine.handle, czxid, version, client.token(czxid, 0));
      partition.toOwned(claim);
      boolean isWanted = wanted.contains(index) || adopted.contains(index);
      if (ending || !life.isJoined() || !isWanted) {
        release(partition);
        return;
      }
    } catch (IncarnationException e) {
      log.warn("{}: released unused: {}", partition, e.getMessage());
      releaseUnused(partition, czxid, version);
      retryLater();
      return;
    }
    watchOwn(mine, partition);
    run(partition);
    GroupPlan now = plan;
    if (now != null && isOrderedAway(partition, now)) {
      orderAway(mine, now); // claimed without a plan, and the answer came later than the plan that moves it
    }
  }

  private void releaseUnused(OwnedPartition partition, long czxid, int version) {
    OwnerSession mine = session;
    if (mine != null) {
      partition.toReleasing(
          new StandingClaim(mine.handle, czxid, version, new FencingToken(0, czxid, 0)));
      sendRelease(partition);
    }
  }

  private void watchOwn(OwnerSession mine, OwnedPartition partition) {
    long czxid = partition.claim().czxid();
    NodeFollower<SessionHandle.Node> follower = NodeFollower.ofUnsharedData(
        client,
        nodes.claim(spec, partition.index()),
        mine.life.wrap((Answer<SessionHandle.Node> state) -> {
          boolean isGone = state.code() == Code.NONODE
              || (state.isOk() && state.get().stat().getCzxid() != czxid);
          if (isGone && partition.watch != null) {
            partition.watch.close();
          }
          if (isGone && (partition.phase() == Phase.OWNED || partition.phase() == Phase.DRAINING)) {
            lose(partition, "its claim is gone");
            reconcile();
          }
        }));
    partition.watch = mine.life.own(follower);
    follower.onConnected(mine.handle);
  }

  @Override
  public void onHeld(OwnedPartition partition) {
    free(partition);
    adopted.remove(partition.index());
    OwnerSession mine = session;
    if (mine != null && wanted.contains(partition.index())) {
      follow(mine, partition.index());
    }
  }

  @Override
  public void onChanged(OwnedPartition partition) {
    free(partition);
    retryLater();
  }

  @Override
  public void onFolderMissing(OwnedPartition partition) {
    free(partition);
    adopted.remove(partition.index());
    retryLater();
  }

  @Override
  public void onRefused(OwnedPartition partition, Code code) {
    if (Answer.isAnswered(code)) {
      log.warn("{}: cannot be claimed ({}); it is tried again", partition, code);
    }
    free(partition);
    adopted.remove(partition.index());
    retryLater();
  }

  @Override
  public void onUnanswered(OwnedPartition partition) {
    partition.unanswered = true;
  }

  /** Tries again, after a pause, whatever is not as it should be. */
  private void retryLater() {
    OwnerSession mine = session;
    if (mine == null || retry != null) {
      return;
    }
    retry = mine.life.after(RETRIES.delay(retries++, client.random()), () -> {
      retry = null;
      if (mine.handle.isConnected()) {
        if (!verified) {
          onReconnected(mine.handle);
        }
        readUnanswered(mine);
        apply();
        reconcile();
      }
    });
  }

  // Handlers.

  private void run(OwnedPartition partition) {
    if (partition.running != null || !partition.due || partition.phase() != Phase.OWNED) {
      return;
    }
    if (!partition.isValid()) {
      return; // started when the claim is verified
    }
    retries = 0;
    partition.due = false;
    partition.failed = false;
    partition.running = runner.start(
        partition, failure -> client.loop().execute(() -> onReturned(partition, failure)));
  }

  private void onReturned(OwnedPartition partition, Optional<Throwable> failure) {
    partition.running = null;
    switch (partition.phase()) {
      case OWNED -> {
        if (failure.isPresent()) {
          onFailed(partition, failure.get());
        }
      }
      case DRAINING -> releaseIfDone(partition);
      case FREE, LOST -> {
        remove(partition);
        life.announce();
        reconcile();
      }
      case CLAIMING, RELEASING -> {}
    }
  }

  private void onFailed(OwnedPartition partition, Throwable failure) {
    client.meters().count("zookit.group.handler.failures", 1);
    partition.failed = true;
    partition.failures++;
    Duration pause = RESTARTS.delay(partition.failures - 1, client.random());
    log.warn("{}: its handler failed; it is called again in {}", partition, pause, failure);
    if (partition.failures == FAILURES_TO_REFUSE) {
      refuse(partition.index());
    }
    scope.after(pause, () -> {
      partition.due = true;
      run(partition);
    });
  }

  private void refuse(int partition) {
    refused.put(partition, client.timekeeper().now().plus(REFUSAL));
    life.announce();
    scope.after(REFUSAL, () -> {
      refused.remove(partition);
      life.announce();
    });
  }

  // Ends.

  private void drain(OwnedPartition partition) {
    boolean limited = handover.limit().isPresent();
    Long deadline = handover.limit().map(limit -> now() + limit.toNanos()).orElse(null);
    partition.toDraining(deadline, now());
    client.meters().count("zookit.group.handovers", 1);
    boolean listens = partition.revoke(
        callbacks,
        () -> client.loop().execute(() -> {
          partition.listened = true;
          if (partition.phase() == Phase.DRAINING) {
            releaseIfDone(partition);
          }
        }));
    partition.listened = !listens;
    if (!listens && limited && partition.running != null) {
      partition.running.interrupt();
    }
    handover.limit().ifPresent(limit -> scope.after(limit, () -> expire(partition)));
    if (!limited) {
      scope.after(LONG_HANDOVER, () -> {
        if (partition.phase() == Phase.DRAINING) {
          log.warn(
              "{}: its handler has not returned for {}; it keeps the partition",
              partition,
              LONG_HANDOVER);
        }
      });
    }
    releaseIfDone(partition);
  }

  private void releaseIfDone(OwnedPartition partition) {
    if (partition.running == null && partition.listened) {
      release(partition);
    }
  }

  /** The time of the handover is over: invalid first, then interrupted, then released. */
  private void expire(OwnedPartition partition) {
    if (partition.phase() == Phase.DRAINING) {
      log.warn("{}: its handler has not returned within the handover", partition);
      partition.toReleasing(partition.claim());
      HandlerRunner.RunningHandler running = partition.running;
      if (running != null) {
        running.interrupt();
      }
      sendRelease(partition);
    }
  }

  private void release(OwnedPartition partition) {
    partition.toReleasing(partition.claim());
    sendRelease(partition);
  }

  /** Sends it with the others of this step of the loop. */
  private void sendRelease(OwnedPartition partition) {
    releasing.add(partition);
    if (releasing.size() == 1) {
      client.loop().execute(this::sendReleases);
    }
  }

  private void sendReleases() {
    Map<SessionHandle, List<OwnedPartition>> bySession = new LinkedHashMap<>();
    for (OwnedPartition partition : releasing) {
      if (partition.phase() == Phase.RELEASING) {
        bySession
            .computeIfAbsent(partition.claim().handle(), first -> new ArrayList<>())
            .add(partition);
      }
    }
    releasing.clear();
    bySession.forEach((handle, partitions) -> {
      List<ReleasedClaim> claims = partitions.stream().map(this::released).toList();
      releases
          .release(handle, claims)
          .thenRun(() -> client.loop().execute(() -> partitions.forEach(this::onReleased)));
    });
  }

  private ReleasedClaim released(OwnedPartition partition) {
    ZkPath record = nodes.record(spec, partition.index());
    String key = session == null ? life.member().id() : life.key(session.nonce);
    return new ReleasedClaim(
        nodes.claim(spec, partition.index()).value(),
        nodes.create(record, PartitionOwnerRecord.CODEC.encode(new PartitionOwnerRecord(key))),
        record.value(),
        partition.claim().czxid(),
        partition.claim().version());
  }

  private void onReleased(OwnedPartition partition) {
    if (partition.phase() == Phase.RELEASING) {
      client.meters().count("zookit.group.releases", 1);
      free(partition);
      reconcile();
    }
  }

  /** The partition is not claimed here any more; it is forgotten when its handler has returned. */
  private void free(OwnedPartition partition) {
    partition.toFree();
    if (partition.running == null) {
      remove(partition);
    } else {
      life.announce();
    }
  }

  private void lose(OwnedPartition partition, String why) {
    log.warn("{}: lost: {}", partition, why);
    client.meters().count("zookit.group.losses", 1);
    partition.toLost();
    partition.revoke(callbacks, () -> {});
    HandlerRunner.RunningHandler running = partition.running;
    if (running == null) {
      remove(partition);
    } else {
      running.interrupt();
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
    for (OwnedPartition partition : List.copyOf(table.values())) {
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

  /** The client is closed: all claims end with its session. */
  void abandon() {
    ending = true;
    for (OwnedPartition partition : List.copyOf(table.values())) {
      if (partition.phase() != Phase.FREE && partition.phase() != Phase.LOST) {
        partition.toLost();
        partition.revoke(callbacks, () -> {});
        HandlerRunner.RunningHandler running = partition.running;
        if (running != null) {
          running.interrupt();
        }
      }
    }
    scope.close();
  }

  // Queries.

  @Override
  public List<PartitionStatus> partitions() {
    return table.values().stream().map(this::status).toList();
  }

  private PartitionStatus status(OwnedPartition partition) {
    OwnedPartition.State now = partition.state();
    PartitionState shown = switch (now.phase()) {
      case CLAIMING -> PartitionState.CLAIMING;
      case OWNED -> partition.failed ? PartitionState.FAILED : PartitionState.OWNED;
      case DRAINING ->
        now.deadline() == null && now() - now.since() > LONG_HANDOVER.toNanos()
            ? PartitionState.STUCK
            : PartitionState.DRAINING;
      case RELEASING -> PartitionState.RELEASING;
      case FREE, LOST -> PartitionState.LOST;
    };
    StandingClaim claim = now.claim();
    return new PartitionStatus(
        partition.index(), shown, Optional.ofNullable(claim).map(StandingClaim::token));
  }

  @Override
  public void close() {
    life.close();
  }

  @Override
  public String toString() {
    return life.toString();
  }
}
