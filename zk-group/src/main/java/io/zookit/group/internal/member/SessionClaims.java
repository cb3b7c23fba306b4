package io.zookit.group.internal.member;

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
import io.zookit.group.internal.member.OwnedPartition.StandingClaim;
import io.zookit.group.internal.store.GroupNodes;
import io.zookit.group.internal.store.SpecRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The claims of a member in one session: it sends them, watches the own ones and those of other members that are wanted, and
 * verifies all when the session is connected again.
 *
 * <p>While the connection is lost no claim is valid; after a reconnect one {@code getEphemerals} verifies all of them. A claim
 * whose answer was lost is read behind a {@code sync}.
 *
 * <p><i>Threads:</i> on the loop, but for {@link #isVerified}.
 *
 * <p><i>Cost:</i> a watch for each claim, and one for each claim of another member that is waited for.
 */
final class SessionClaims implements ClaimRequests.Listener {

  private static final Logger log = LoggerFactory.getLogger(SessionClaims.class);
  private static final Backoff RETRIES = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(20));

  private final PartitionOwner owner;
  private final CoreClient client;
  private final GroupNodes nodes;
  private final SpecRecord spec;
  private final ClaimGuards guards;
  private final SessionHandle handle;
  private final String nonce;
  private final String key;
  private final Scope scope;
  private final Map<Integer, NodeFollower<SessionHandle.Node>> held = new HashMap<>();
  private final ClaimRequests requests;
  private final NodeFollower<SessionHandle.Node> plans;
  private final FreePartitions free;
  private volatile boolean verified = true;
  private int retries;
  private @Nullable Subscription retry;

  SessionClaims(
      PartitionOwner owner, ClaimGuards guards, SessionHandle handle, String nonce, Scope scope) {
    this.owner = owner;
    this.client = owner.client();
    this.nodes = owner.life().nodes();
    this.spec = owner.spec();
    this.guards = guards;
    this.handle = handle;
    this.nonce = nonce;
    this.key = owner.life().key(nonce);
    this.scope = scope;
    this.requests = new ClaimRequests(nodes, spec, handle, key, this);
    this.plans = NodeFollower.ofUnsharedData(
        client,
        nodes.plan(),
        scope.wrap((Answer<SessionHandle.Node> read) -> owner.plan().onRead(this, read)));
    scope.own(plans);
    this.free = new FreePartitions(owner, nodes, spec, handle, scope);
  }

  void start() {
    plans.onConnected(handle);
    free.start();
  }

  /** The session is over: nothing is called back any more. */
  void end() {
    verified = false;
    scope.close();
  }

  SessionHandle handle() {
    return handle;
  }

  String nonce() {
    return nonce;
  }

  boolean isOver() {
    return !scope.isOpen();
  }

  /** Tells if all claims are known to stand. From any thread. */
  boolean isVerified() {
    return verified;
  }

  /** Returns a callback that does nothing once the session is over. */
  <T> Consumer<T> wrap(Consumer<? super T> callback) {
    return scope.wrap(callback);
  }

  // Connections.

  void onSuspect() {
    verified = false;
  }

  /** The session is connected again. */
  void onReconnected() {
    handle.getEphemerals(scope.wrap((Answer<Set<ZkPath>> listed) -> {
      if (listed.isOk()) {
        verified = true;
        onListed(listed.get());
      } else if (listed.isAnswered()) {
        retryLater();
      }
    }));
    readUnanswered();
    plans.onConnected(handle);
  }

  private void onListed(Set<ZkPath> own) {
    for (OwnedPartition partition : owner.all()) {
      if (partition.isClaimed() && !own.contains(nodes.claim(spec, partition.index()))) {
        owner.lose(partition, "its claim is gone");
      } else {
        owner.run(partition);
      }
    }
    owner.reconcile();
  }

  private void readUnanswered() {
    List<OwnedPartition> open =
        owner.all().stream().filter(OwnedPartition::isUnanswered).toList();
    if (open.isEmpty()) {
      return;
    }
    List<String> paths = new ArrayList<>();
    for (OwnedPartition partition : open) {
      paths.add(nodes.claim(spec, partition.index()).value());
      paths.add(nodes.record(spec, partition.index()).value());
    }
    handle.sync(nodes.path(), synced -> {});
    Multi.readNodes(handle, paths, scope.wrap((List<Answer<SessionHandle.Node>> answers) -> {
      for (int i = 0; i < open.size(); i++) {
        if (open.get(i).isUnanswered()) {
          onUnansweredRead(open.get(i), answers.get(2 * i), answers.get(2 * i + 1));
        }
      }
      owner.reconcile();
    }));
  }

  private void onUnansweredRead(
      OwnedPartition partition,
      Answer<SessionHandle.Node> claim,
      Answer<SessionHandle.Node> record) {
    boolean isOwn = claim.isOk() && guards.isOwn(handle, key, claim.get());
    if (isOwn && record.isOk()) {
      partition.unanswered = false;
      onClaimed(partition, claim.get().stat().getCzxid(), record.get().stat().getVersion());
    } else if (isOwn && record.code() == Code.NONODE) {
      releaseUnused(partition, claim.get().stat().getCzxid(), ClaimReleases.MISSING);
    } else if (claim.isOk() || claim.code() == Code.NONODE) {
      owner.free(partition);
    } else if (claim.isAnswered()) {
      retryLater(); // read again
    }
  }

  /** Tries again, after a pause, whatever is not as it should be. */
  void retryLater() {
    if (retry != null) {
      return;
    }
    retry = scope.after(RETRIES.delay(retries++, client.random()), () -> {
      retry = null;
      if (handle.isConnected()) {
        if (!verified) {
          onReconnected();
        }
        readUnanswered();
        owner.plan().apply(this);
        owner.reconcile();
      }
    });
  }

  // Claims.

  /** Tells if claims can be sent now; if the data are not trusted, it is tried again. */
  boolean isReady() {
    if (!handle.isConnected()) {
      return false;
    }
    if (!client.isTrusted()) {
      retryLater();
      return false;
    }
    return true;
  }

  void claim(List<OwnedPartition> partitions) {
    requests.claim(partitions);
  }

  @Override
  public void onClaimed(OwnedPartition partition, long czxid, int version) {
    if (isOver() || !owner.isCurrent(partition)) {
      return;
    }
    client.meters().count("zookit.group.claims", 1);
    StandingClaim claim;
    try {
      claim = new StandingClaim(handle, czxid, version, client.token(czxid, 0));
    } catch (IncarnationException e) {
      log.warn("{}: released unused: {}", partition, e.getMessage());
      releaseUnused(partition, czxid, version);
      retryLater();
      return;
    }
    if (owner.own(partition, claim)) {
      retries = 0;
      watchOwn(partition, czxid);
      owner.run(partition);
      owner.plan().onClaimed(this, partition);
    }
  }

  private void releaseUnused(OwnedPartition partition, long czxid, int version) {
    owner.release(
        partition, new StandingClaim(handle, czxid, version, new FencingToken(0, czxid, 0)));
  }

  private void watchOwn(OwnedPartition partition, long czxid) {
    NodeFollower<SessionHandle.Node> follower = NodeFollower.ofUnsharedData(
        client,
        nodes.claim(spec, partition.index()),
        scope.wrap((Answer<SessionHandle.Node> state) -> {
          boolean isGone = state.code() == Code.NONODE
              || (state.isOk() && state.get().stat().getCzxid() != czxid);
          if (isGone && partition.watch != null) {
            partition.watch.close();
          }
          if (isGone && partition.isClaimed()) {
            owner.lose(partition, "its claim is gone");
            owner.reconcile();
          }
        }));
    partition.watch = scope.own(follower);
    follower.onConnected(handle);
  }

  @Override
  public void onHeld(OwnedPartition partition) {
    if (owner.dropClaim(partition) && !isOver()) {
      follow(partition.index());
    }
  }

  @Override
  public void onChanged(OwnedPartition partition) {
    owner.free(partition);
    retryLater();
  }

  @Override
  public void onFolderMissing(OwnedPartition partition) {
    owner.dropClaim(partition);
    retryLater();
  }

  @Override
  public void onRefused(OwnedPartition partition, Code code) {
    if (Answer.isAnswered(code)) {
      log.warn("{}: cannot be claimed ({}); it is tried again", partition, code);
    }
    owner.dropClaim(partition);
    retryLater();
  }

  @Override
  public void onUnanswered(OwnedPartition partition) {
    partition.unanswered = true;
  }

  // Claims of other members.

  /** The partitions that are wanted and held by other members. */
  Set<Integer> held() {
    return held.keySet();
  }

  private void follow(int partition) {
    if (held.containsKey(partition)) {
      return;
    }
    NodeFollower<SessionHandle.Node> follower = NodeFollower.ofUnsharedData(
        client, nodes.claim(spec, partition), scope.wrap((Answer<SessionHandle.Node> state) -> {
          if (state.code() == Code.NONODE) {
            unfollow(partition);
            owner.reconcile();
          }
        }));
    held.put(partition, follower);
    follower.onConnected(handle);
  }

  private void unfollow(int partition) {
    NodeFollower<SessionHandle.Node> follower = held.remove(partition);
    if (follower != null) {
      follower.close();
    }
  }

  /** Follows no others than these any more. */
  void followOnly(Set<Integer> wanted) {
    for (Integer partition : List.copyOf(held.keySet())) {
      if (!wanted.contains(partition)) {
        unfollow(partition);
      }
    }
  }
}
