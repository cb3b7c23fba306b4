package io.zookit.group.internal.member;

import io.zookit.core.ZkTimeoutException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.client.CoreClient;
import io.zookit.core.internal.node.CreateWithParents;
import io.zookit.core.internal.node.NodeFollower;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.request.Backoff;
import io.zookit.core.internal.request.BlockingCalls;
import io.zookit.core.internal.request.KeeperErrors;
import io.zookit.core.internal.request.Scope;
import io.zookit.core.internal.session.Answer;
import io.zookit.core.internal.session.Multi;
import io.zookit.core.internal.session.SessionHandle;
import io.zookit.group.GroupMismatchException;
import io.zookit.group.Handover;
import io.zookit.group.Member;
import io.zookit.group.Membership;
import io.zookit.group.MembershipState;
import io.zookit.group.Ownership;
import io.zookit.group.PartitionHandler;
import io.zookit.group.Partitions;
import io.zookit.group.internal.planner.GroupPlanner;
import io.zookit.group.internal.store.GroupNodes;
import io.zookit.group.internal.store.GroupPlan;
import io.zookit.group.internal.store.GroupReads;
import io.zookit.group.internal.store.MemberNode;
import io.zookit.group.internal.store.MemberRecord;
import io.zookit.group.internal.store.SeenSpec;
import io.zookit.group.internal.store.SpecRecord;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.CreateOptions;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
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
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration WAIT_FOR_PLAN = Duration.ofSeconds(1);
  private static final Duration MORE_THAN_HANDOVER = Duration.ofSeconds(5);
  private static final Backoff RETRIES =
      new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));

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
  private volatile @Nullable PartitionOwner owner;
  private volatile Duration closeLimit = MORE_THAN_HANDOVER;
  private @Nullable MemberSession session;
  private boolean othersJoined;
  private int failures;

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

  /** The member in one session. */
  private final class MemberSession {
    final SessionHandle handle;
    final String nonce;
    final ZkPath path;
    final Scope life = scope.child();
    boolean busy;
    boolean again;
    boolean exists;
    boolean uncertain;
    byte[] written = {};
    long czxid;
    long born;
    boolean electing;

    @Nullable
    NodeFollower<SessionHandle.Node> older;

    long olderCzxid;

    @Nullable
    GroupPlanner planner;

    MemberSession(SessionHandle handle) {
      byte[] bytes = new byte[8];
      RANDOM.nextBytes(bytes);
      this.handle = handle;
      this.nonce = HexFormat.of().formatHex(bytes);
      this.path = nodes.member(key(nonce));
    }

    // The node.

    /** Writes the record if it is not the one in the node. */
    void announce() {
      if (busy) {
        again = true;
      } else if (handle.isConnected() && uncertain) {
        verify();
      } else if (handle.isConnected()) {
        byte[] data = MemberRecord.CODEC.encode(record(born));
        if (!exists) {
          create(data);
        } else if (!Arrays.equals(data, written)) {
          replace(data);
        }
      }
    }

    private void create(byte[] data) {
      busy = true;
      CreateWithParents.create(
          handle,
          nodes.memberFolders(),
          path,
          data,
          client.acl(path),
          CreateMode.EPHEMERAL,
          life.wrap((Answer<SessionHandle.Created> answer) -> {
            if (answer.isOk()) {
              onWritten(data, answer.get().stat().getCzxid());
            } else {
              onNotWritten(answer);
            }
          }));
    }

    private void replace(byte[] data) {
      busy = true;
      standDown();
      List<Op> ops = List.of(
          Op.delete(path.value(), -1),
          Op.create(
              path.value(),
              data,
              CreateOptions.newBuilder(client.acl(path), CreateMode.EPHEMERAL).build()));
      handle.multi(ops, life.wrap((Answer<List<OpResult>> answer) -> {
        if (answer.isOk()) {
          onWritten(data, Multi.statAt(1, answer).getCzxid());
        } else {
          onNotWritten(answer);
        }
      }));
    }

    private void onWritten(byte[] data, long transaction) {
      busy = false;
      failures = 0;
      exists = true;
      uncertain = false;
      written = data;
      czxid = transaction;
      if (born == 0) {
        born = transaction;
      }
      onNodeExists(this);
      standDown();
      elect();
      if (again) {
        again = false;
        announce();
      }
    }

    private void onNotWritten(Answer<?> answer) {
      busy = false;
      again = false;
      uncertain = true;
      if (answer.isAnswered()) {
        log.warn(
            "{}: its node cannot be written ({}); it is tried again",
            MemberLife.this,
            answer.code());
      }
      life.after(RETRIES.delay(failures++, client.random()), this::announce);
    }

    /** Reads the own node: an answer was lost, or another program may have deleted it. */
    void verify() {
      if (busy) {
        again = true;
        return;
      }
      busy = true;
      handle.sync(path, synced -> {});
      handle.getData(path, null, life.wrap((Answer<SessionHandle.Node> read) -> {
        busy = false;
        if (read.isOk() && handle.owns(read.get().stat())) {
          onWritten(read.get().data(), read.get().stat().getCzxid());
          announce();
        } else if (read.code() == Code.NONODE) {
          uncertain = false;
          exists = false;
          announce();
        } else {
          onNotWritten(read);
        }
      }));
    }

    // The order of the members.

    void standDown() {
      if (planner != null) {
        planner.close();
        planner = null;
      }
      if (older != null) {
        older.close();
        older = null;
      }
    }

    void elect() {
      if (electing || !exists || !handle.isConnected()) {
        return;
      }
      electing = true;
      new GroupReads(nodes, handle).members(life.wrap((Answer<List<MemberNode>> read) -> {
        electing = false;
        if (!read.isOk()) {
          if (read.isAnswered()) {
            life.after(RETRIES.delay(failures++, client.random()), this::elect);
          }
          return;
        }
        onMembers(read.get());
        if (life.isOpen()) {
          takePlace(read.get());
        }
      }));
    }

    private void takePlace(List<MemberNode> members) {
      MemberNode next = null;
      boolean listed = false;
      for (MemberNode other : members) {
        listed |= other.nonce().equals(nonce);
        if (isBefore(other.czxid(), czxid)
            && (next == null || isBefore(next.czxid(), other.czxid()))) {
          next = other;
        }
      }
      if (!listed) {
        verify();
      } else if (next == null) {
        plan();
      } else {
        watch(next);
      }
    }

    private void plan() {
      if (planner == null) {
        standDown();
        planner = new GroupPlanner(nodes, handle, key(nonce), planning, MemberLife.this, life);
        planner.start();
      } else {
        planner.trigger();
      }
    }

    private void watch(MemberNode next) {
      long seen = next.czxid();
      if (older != null && olderCzxid == seen) {
        return;
      }
      standDown();
      olderCzxid = seen;
      NodeFollower<SessionHandle.Node> follower = NodeFollower.ofUnsharedData(
          client, nodes.member(next.key()), life.wrap((Answer<SessionHandle.Node> read) -> {
            if (read.code() == Code.NONODE
                || (read.isOk() && read.get().stat().getCzxid() != seen)) {
              standDown();
              elect();
            }
          }));
      older = follower;
      life.own(follower);
      follower.onConnected(handle);
    }

    void end() {
      standDown();
      life.close();
    }
  }

  private static boolean isBefore(long one, long other) {
    return Long.compareUnsigned(one, other) < 0;
  }

  // What other parts ask for.

  GroupNodes nodes() {
    return nodes;
  }

  /** The name of this member's node in a session. */
  String key(String nonce) {
    return MemberNode.keyOf(member.id(), nonce);
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
      now.elect();
    }
  }

  private MemberRecord record(long born) {
    PartitionOwner owning = owner;
    boolean isLeaving = state == MembershipState.LEAVING || state == MembershipState.SUPERSEDED;
    return new MemberRecord(
        isLeaving ? MemberRecord.State.LEAVING : MemberRecord.State.JOINED,
        member.weight(),
        member.zone().orElse(null),
        owning == null ? Long.valueOf(0) : owning.room(),
        member.keepFor().isZero() ? null : member.keepFor(),
        born == 0 ? null : born,
        owning == null ? List.of() : owning.refusals(),
        client.label());
  }

  // Sessions.

  void onConnected(SessionHandle handle) {
    MemberSession now = session;
    if (state == MembershipState.LEFT) {
      return;
    }
    if (now != null && now.handle == handle) {
      now.verify();
      PartitionOwner owning = owner;
      if (owning != null) {
        owning.onReconnected(handle);
      }
    } else if (state == MembershipState.JOINING || state == MembershipState.JOINED) {
      state = MembershipState.JOINING;
      MemberSession fresh = new MemberSession(handle);
      session = fresh;
      fresh.announce();
    }
  }

  void onSuspect() {
    PartitionOwner owning = owner;
    if (owning != null) {
      owning.onSuspect();
    }
  }

  void onLost(SessionHandle handle) {
    MemberSession lost = session;
    if (lost == null || lost.handle != handle) {
      return;
    }
    session = null;
    lost.end();
    if (state == MembershipState.JOINED) {
      state = MembershipState.JOINING;
    }
    PartitionOwner owning = owner;
    if (owning != null) {
      owning.onLost(handle);
    }
  }

  private void onNodeExists(MemberSession now) {
    if (state == MembershipState.JOINING) {
      state = MembershipState.JOINED;
      log.info("{}: joined as {}", this, now.nonce);
      joined.complete(null);
    }
    PartitionOwner owning = owner;
    if (owning != null && isJoined()) {
      owning.onJoined(now.handle, now.nonce);
    }
  }

  // The planner.

  @Override
  public void stepDown() {
    MemberSession now = session;
    if (now != null) {
      now.standDown();
      now.written = new byte[0]; // written again, which gives it the last place
      now.announce();
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
      boolean isOther = !other.nonce().equals(now.nonce);
      othersJoined |= isOther && other.record().isJoined();
      if (isOther
          && other.id().equals(member.id())
          && now.born != 0
          && isBefore(now.born, other.born())) {
        supersede();
      }
    }
    PartitionOwner owning = owner;
    if (owning != null) {
      owning.onMembers(members);
    }
  }

  /** A plan was read. */
  void onPlan(GroupPlan plan) {
    PartitionOwner owning = owner;
    if (state == MembershipState.LEAVING
        && owning != null
        && plan.header().members().stream()
            .filter(planned -> planned.id().equals(member.id()))
            .findFirst()
            .map(planned -> !names(plan, plan.header().members().indexOf(planned)))
            .orElse(true)) {
      handOver(owning);
    }
  }

  private static boolean names(GroupPlan plan, int index) {
    for (int p = 0; p < plan.count(); p++) {
      if (plan.targetOf(p) == index) {
        return true;
      }
    }
    return false;
  }

  // Ends.

  private void supersede() {
    if (state == MembershipState.JOINED || state == MembershipState.JOINING) {
      log.warn("{}: another process has joined with this id; this one hands over and ends", this);
      state = MembershipState.SUPERSEDED;
      MemberSession now = session;
      if (now != null) {
        now.standDown();
      }
      PartitionOwner owning = owner;
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
        PartitionOwner owning = owner;
        if (owning == null || session == null) {
          if (owning == null) {
            finish();
          } else {
            handOver(owning);
          }
          return;
        }
        owning.stopClaiming();
        if (othersJoined && owning.size() > 0) {
          announce();
          scope.after(WAIT_FOR_PLAN, () -> handOver(owning));
        } else {
          handOver(owning);
        }
      }
    });
    return left;
  }

  private void handOver(PartitionOwner owning) {
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
      client.debt().delete(now.handle, now.path);
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
      PartitionOwner owning = owner;
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

  /** Repeats requests that were not answered: creating the partitions of a group twice has no effect. */
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
      if (owner != null || state == MembershipState.LEFT || state == MembershipState.LEAVING) {
        done.completeExceptionally(
            new IllegalStateException(this + ": owns already, or has ended"));
      } else if (handle == null) {
        done.completeExceptionally(
            new ZkUnavailableException(this + ": not connected; nothing was sent"));
      } else {
        openSpec(handle, SpecRecord.first(partitions.count()), done, handover, runner);
      }
    });
    return done;
  }

  private void openSpec(
      SessionHandle handle,
      SpecRecord first,
      CompletableFuture<Ownership> done,
      Handover handover,
      HandlerRunner runner) {
    handle.sync(nodes.path(), synced -> {});
    new GroupReads(nodes, handle).spec(read -> {
      if (read.isOk()) {
        onSpec(read.get(), first, done, handover, runner);
      } else if (read.code() == Code.NONODE) {
        List<Op> ops = nodes.createPartitions(first);
        CreateWithParents.<List<OpResult>>of(
                handle, nodes.folders(), reply -> handle.multi(ops, reply), answer -> {
                  if (answer.isOk() || Multi.isRefusedAt(0, answer)) {
                    openSpec(handle, first, done, handover, runner); // by this or another member
                  } else {
                    done.completeExceptionally(KeeperErrors.of(answer, nodes.spec()));
                  }
                })
            .missingIf(answer -> Multi.isRefusedAt(0, answer))
            .send();
      } else {
        done.completeExceptionally(KeeperErrors.of(read, nodes.spec()));
      }
    });
  }

  private void onSpec(
      SeenSpec seen,
      SpecRecord first,
      CompletableFuture<Ownership> done,
      Handover handover,
      HandlerRunner runner) {
    if (seen.record().count() != first.count()) {
      done.completeExceptionally(new GroupMismatchException(nodes + ": " + first.count()
          + " partitions (expected: " + seen.record().count() + ", as stored)"));
      return;
    }
    if (owner != null || state == MembershipState.LEFT) {
      done.completeExceptionally(new IllegalStateException(this + ": owns already, or has ended"));
      return;
    }
    PartitionOwner owning =
        new PartitionOwner(this, seen.record(), handover, runner, releases, guards);
    owner = owning;
    MemberSession now = session;
    if (now != null && now.exists && isJoined()) {
      owning.onJoined(now.handle, now.nonce);
    }
    announce();
    done.complete(owning);
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
